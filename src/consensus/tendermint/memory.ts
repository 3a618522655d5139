import { sameValue, type Value } from "../value.js";
import { RoundMessages } from "./round.js";

/** Rounds before the present one that are kept whole. */
const WINDOW = 64;

/** Other rounds, earlier or to come, in which one validator may be heard. */
const MAX_FAR_ROUNDS = 64;

/**
 * The messages of a height, by round. Rounds to come are kept for when they begin. Of those long over, only the ones that
 * still matter: with a valid or locked value, or named by a proposal as its valid round. Others may be forgotten, because
 * a leader sends the verdicts of its valid round along, and a decision comes with its certificate. So a height that takes
 * a day to decide, and a liar who votes in every round there can be, fill no memory.
 */
export class RoundMemory {
  readonly #leaderOf: (round: number) => number;
  readonly #rounds = new Map<number, RoundMessages>();
  #present = -1;

  /** @param leaderOf the seat that leads a round. */
  constructor(leaderOf: (round: number) => number) {
    this.#leaderOf = leaderOf;
  }

  /** What came in of a round, if anything did. */
  at(round: number): RoundMessages | undefined {
    return this.#rounds.get(round);
  }

  /** The round, to put a message of this seat into; undefined if the seat talks of too many rounds that are far away. */
  open(round: number, seat: number): RoundMessages | undefined {
    const known = this.#rounds.get(round);
    if (!this.#isNear(round) && !this.#mayTalkOf(round, seat)) return undefined;
    if (known !== undefined) return known;
    const messages = new RoundMessages();
    this.#rounds.set(round, messages);
    return messages;
  }

  /** Whether the proposal of some round has this value. */
  hasProposalOf(value: Value): boolean {
    for (const { proposal } of this.#rounds.values()) {
      if (proposal !== undefined && sameValue(proposal.signed.statement, value)) return true;
    }
    return false;
  }

  /** Forgets what no rule needs any more. `kept`: rounds that are needed, however long ago. */
  startRound(round: number, kept: readonly (number | undefined)[]): void {
    this.#present = round;
    const needed = new Set(kept);
    for (const [at, { proposal }] of this.#rounds) {
      if (at >= round) needed.add(proposal?.signed.statement.validRound);
    }
    for (const at of this.#rounds.keys()) {
      if (at < round - WINDOW && !needed.has(at)) this.#rounds.delete(at);
    }
  }

  #isNear(round: number): boolean {
    return round <= this.#present && round >= this.#present - WINDOW;
  }

  #mayTalkOf(round: number, seat: number): boolean {
    let farRounds = 0;
    for (const [at, messages] of this.#rounds) {
      if (this.#isNear(at) || !messages.hasHeard(seat, this.#leaderOf(at))) continue;
      if (at === round) return true;
      farRounds += 1;
    }
    return farRounds < MAX_FAR_ROUNDS;
  }
}
