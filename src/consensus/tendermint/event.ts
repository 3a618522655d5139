import type { Proposal, Signed, Vote } from "../statement.js";
import type { Value } from "../value.js";

/** What the machine of a height is told. */
export type MachineEvent =
  /** The slot of a round began. Rounds may be left out, never repeated: an earlier one than the present is ignored. */
  | { readonly kind: "roundStarted"; readonly round: number }
  /** A quarter of the round's slot is over: whoever has no proposal to judge votes nil. */
  | { readonly kind: "proposeTimeout"; readonly round: number }
  /** Half of the round's slot is over: whoever has not seen verdicts agree compares to nil. */
  | { readonly kind: "verdictTimeout"; readonly round: number }
  /** A proposal came, the own one too. `isValid`: this node audited the block itself and found exactly this value. */
  | { readonly kind: "proposal"; readonly proposal: Signed<Proposal>; readonly isValid: boolean }
  /** A vote came, the own one too. */
  | { readonly kind: "vote"; readonly vote: Signed<Vote> };

/** What the machine of a height asks its node to do, in this order. */
export type Action =
  | Propose
  | SignVote
  | Decide
  /** Evidence: one validator's first statement and another that contradicts it. Once for each round and phase. */
  | { readonly kind: "doubleVote"; readonly first: Signed<Vote>; readonly second: Signed<Vote> }
  | { readonly kind: "doubleProposal"; readonly first: Signed<Proposal>; readonly second: Signed<Proposal> };

/** This node leads the round: sign a proposal, send it to all, and give it back to the machine as an event. */
export interface Propose {
  readonly kind: "propose";
  readonly round: number;
  /** The earlier round in which the value had two thirds of the verdicts; -1 if a new block is to be built. */
  readonly validRound: number;
  /** The value to propose again, as it was; undefined: build a new block. */
  readonly value: Value | undefined;
  /** The verdicts of `validRound` for the value, to be sent with the proposal: nobody accepts it without them. */
  readonly verdicts: readonly Signed<Vote>[];
}

/** Have the guard sign this vote, send it to all, and give it back to the machine as an event. */
export interface SignVote {
  readonly kind: "signVote";
  readonly vote: Vote;
  /**
   * For a comparison with a value, its reason: the verdicts. By signing, the node locks itself on the value. Before the
   * signature leaves, block, proposal and verdicts must be where a restart finds them, or nobody might be able to propose
   * the value again.
   */
  readonly verdicts: readonly Signed<Vote>[];
}

/** The height is decided, for ever. */
export interface Decide {
  readonly kind: "decide";
  readonly round: number;
  readonly value: Value;
  /** The comparisons that make the quorum. Later ones join `TendermintMachine.certificate`. */
  readonly certificate: readonly Signed<Vote>[];
}
