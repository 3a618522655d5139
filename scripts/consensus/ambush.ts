import { Phase } from "../../src/consensus/statement.js";
import type { Message } from "./message.js";
import { SLOT } from "./time.js";

/** As much as the network knows of a validator. */
export interface Target {
  readonly seat: number;
  /** The height that it decides next. */
  readonly height: number;
}

/** What becomes of a message: on time; when the ambush is over; never. */
export type Fate = "prompt" | "held" | "lost";

/**
 * The worst that a network can do to agreement: one validator, the victim, gets to decide; the others do not hear of it,
 * while a liar leads them to something else. Only their locks hold them back.
 */
export class Ambush {
  readonly until: number;
  readonly #victim: Target;
  readonly #height: number;

  /** @param start when it begins; it ends some slots later. */
  constructor(victim: Target, start: number, slots: number) {
    this.#victim = victim;
    this.#height = victim.height;
    this.until = start + slots * SLOT;
  }

  /** Whether the victim has decided, so that the others are to be led astray. */
  get isSprung(): boolean {
    return this.#victim.height > this.#height;
  }

  isVictim(seat: number): boolean {
    return seat === this.#victim.seat;
  }

  fateOf(from: number, to: number, message: Message): Fate {
    if (this.isVictim(to)) return "prompt";
    if (this.isVictim(from) && this.isSprung) return "held";
    const isComparison = message.kind === "vote" && message.vote.statement.phase === Phase.Comparison;
    return isComparison && !this.isSprung ? "lost" : "prompt";
  }
}
