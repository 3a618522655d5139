import type { SigningLock } from "../../../src/consensus/guard/signingGuard.js";
import { slotOf } from "../../../src/consensus/slot.js";
import { Phase, type PhaseCode } from "../../../src/consensus/statement.js";
import type { Action, MachineEvent } from "../../../src/consensus/tendermint/event.js";
import { TendermintMachine } from "../../../src/consensus/tendermint/machine.js";
import type { ValidatorSet } from "../../../src/consensus/validatorSet.js";
import { isNil, type Value, valueIn } from "../../../src/consensus/value.js";
import { addressOf, comparison, four, HEIGHT, proposalBy, verdict } from "../validators.js";

const PARENT_SLOT = 41;

/** The seat that leads a round. */
export function leaderOf(round: number, set: ValidatorSet = four): number {
  return set.leaderSeat(slotOf(round, PARENT_SLOT));
}

/** The first round, from `from` on, that a seat leads. */
export function roundLedBy(seat: number, from = 0): number {
  return leaderOf(from) === seat ? from : roundLedBy(seat, from + 1);
}

/** A seat that leads none of these rounds. */
export function seatBeside(...rounds: number[]): number {
  const leaders = rounds.map((round) => leaderOf(round));
  return [0, 1, 2, 3].find((seat) => !leaders.includes(seat)) ?? 0;
}

/** An action in short: what is to be signed, or decided. */
export function brief(action: Action): string {
  const name = (value: Value) => (isNil(value) ? "nil" : Buffer.from(value.blockHash.slice(2, 4), "hex").toString());
  const step: Record<PhaseCode, string> = { [Phase.Verdict]: "verdict", [Phase.Comparison]: "comparison" };
  switch (action.kind) {
    case "propose":
      return `propose ${action.value === undefined ? "new" : name(action.value)} ${action.round} ${action.validRound}`;
    case "signVote":
      return `${step[action.vote.phase]} ${name(valueIn(action.vote))} ${action.vote.round}`;
    case "decide":
      return `decide ${name(action.value)} ${action.round}`;
    default:
      return action.kind;
  }
}

/** One machine among four equal validators, told what happens; answers with its actions in short. */
export class Driver {
  readonly machine: TendermintMachine;

  constructor({ seat, lock, set = four }: { seat?: number; lock?: SigningLock; set?: ValidatorSet } = {}) {
    const self = seat === undefined ? undefined : addressOf(seat);
    this.machine = new TendermintMachine({ height: HEIGHT, set, parentSlot: PARENT_SLOT, self, lock });
  }

  handle(...events: MachineEvent[]): string[] {
    return events.flatMap((event) => this.machine.handle(event)).map(brief);
  }

  start(round: number): string[] {
    return this.handle({ kind: "roundStarted", round });
  }

  proposeTimeout(round: number): string[] {
    return this.handle({ kind: "proposeTimeout", round });
  }

  verdictTimeout(round: number): string[] {
    return this.handle({ kind: "verdictTimeout", round });
  }

  /** The round's leader proposes. */
  proposal(round: number, value: Value, { validRound = -1, isValid = true } = {}): string[] {
    return this.handle({ kind: "proposal", proposal: proposalBy(leaderOf(round), round, value, validRound), isValid });
  }

  verdicts(round: number, value: Value, ...seats: number[]): string[] {
    return this.handle(...seats.map((seat) => ({ kind: "vote" as const, vote: verdict(seat, round, value) })));
  }

  comparisons(round: number, value: Value, ...seats: number[]): string[] {
    return this.handle(...seats.map((seat) => ({ kind: "vote" as const, vote: comparison(seat, round, value) })));
  }
}
