import { setImmediate } from "node:timers/promises";
import { type SlotClock, slotAt, slotStart } from "../../../src/consensus/slot.js";
import type { SteppedClock } from "../clock/steppedClock.js";

/** No block was decided, slot after slot. */
export class NothingDecided extends Error {
  override readonly name = "NothingDecided";

  constructor(slots: number) {
    super(`No block was decided in ${slots} slots: a third of the voting power or more is silent, or at odds.`);
  }
}

/** What a driver moves. */
export interface DriverOptions {
  readonly clock: SteppedClock;
  readonly slots: SlotClock;
  /** Height of the last decided block. */
  readonly height: () => number;
}

/** Slots after which it gives up on a block. */
const MAX_SLOTS = 16;

/** Parts of a slot at which something happens. */
const MOMENTS = [0, 1 / 4, 1 / 2];

/** Moves the clock of a network that lives in one process: to the next block whenever one is asked for. */
export class SlotDriver {
  readonly #clock: SteppedClock;
  readonly #slots: SlotClock;
  readonly #height: () => number;
  #turn: Promise<unknown> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor({ clock, slots, height }: DriverOptions) {
    this.#clock = clock;
    this.#slots = slots;
    this.#height = height;
  }

  /**
   * Resolves when the next block is decided. Who asks before it is begun shares it with the others.
   *
   * @throws {NothingDecided}
   */
  mine(): Promise<void> {
    this.#next ??= this.#inTurn(async () => {
      // What was sent together comes in one turn of the event loop after the other.
      await setImmediate();
      this.#next = undefined;
      await this.#toNextBlock();
    });
    return this.#next;
  }

  /** Passes over some time, in seconds, as if all had slept, and makes a block after it. */
  advance(seconds: number): Promise<void> {
    return this.#inTurn(async () => {
      await this.#clock.jumpTo(this.#clock.now() + seconds);
      await this.#toNextBlock();
    });
  }

  async #toNextBlock(): Promise<void> {
    const before = this.#height();
    for (let count = 0; count < MAX_SLOTS; count++) {
      const slot = slotAt(this.#clock.now(), this.#slots) + 1;
      for (const moment of MOMENTS) {
        await this.#clock.moveTo(slotStart(slot, this.#slots) + moment * this.#slots.slotTime);
        if (this.#height() > before) return;
      }
    }
    throw new NothingDecided(MAX_SLOTS);
  }

  #inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(act);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}
