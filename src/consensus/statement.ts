import type { Value } from "./value.js";

/** Which decision a statement belongs to. */
export interface Statement {
  /** Number of the epoch whose validators decide, below 2^32. */
  readonly epoch: number;
  /** Number of the block, below 2^53. */
  readonly height: number;
  /** Round of this height, below 2^32. */
  readonly round: number;
}

/** The two votes of a round. */
export const Phase = {
  /** What the validator's own execution of the proposed block says (Tendermint's prevote). */
  Verdict: 1,
  /** What it found when it compared the verdicts of all (Tendermint's precommit). */
  Comparison: 2,
} as const;

export type PhaseCode = (typeof Phase)[keyof typeof Phase];

/** A validator's vote in one phase of one round; the value is `NIL` if it votes for nothing. */
export interface Vote extends Statement, Value {
  readonly phase: PhaseCode;
}

/** A leader's proposal for a round. */
export interface Proposal extends Statement, Value {
  /** The earlier round in which two thirds of the verdicts were for this value; -1 if there is none. */
  readonly validRound: number;
}

/** A statement with its author. Who holds one has checked the signature, or made it. */
export interface Signed<T extends Statement> {
  readonly statement: T;
  /** Checksummed address of the author. */
  readonly signer: string;
  /** 65 bytes in hex. */
  readonly signature: string;
}

/** Whether a statement is a vote; if not, it is a proposal. */
export function isVote(statement: Vote | Proposal): statement is Vote {
  return "phase" in statement;
}
