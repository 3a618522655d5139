import { isVote, Phase, type Proposal, type Signed, type Vote } from "../statement.js";
import { isNil, sameValue, valueIn } from "../value.js";
import type { SigningLock } from "./signingGuard.js";

/** What a validator must remember of what it signed. */
export interface SigningRecord {
  /** The latest statement, by height, round and step. */
  readonly last: Signed<Proposal | Vote> | undefined;
  /** The latest comparison with a value, while its height is that of the last statement. */
  readonly lock: Signed<Vote> | undefined;
}

/** The validator already signed something else for this step, or a later one. */
export class AlreadySigned extends Error {
  override readonly name = "AlreadySigned";

  constructor(asked: Proposal | Vote, last: Proposal | Vote) {
    super(
      `Refused to sign the ${describe(asked)}: this key already signed the ${describe(last)}. After a restart this passes ` +
        "with the next round; if it stays, look for a second node with this validator's key, and stop one.",
    );
  }
}

/** The record of a key that has signed nothing. */
export const NOTHING_SIGNED: SigningRecord = { last: undefined, lock: undefined };

/**
 * Whether this statement may be signed: its step comes after all that was signed.
 *
 * @returns the signature, if it is the very statement that was signed last; undefined if it is to be signed now.
 * @throws {AlreadySigned} if it may not.
 */
export function signatureOnRecord({ last }: SigningRecord, asked: Proposal | Vote): string | undefined {
  if (last === undefined || isLater(asked, last.statement)) return undefined;
  if (isSame(asked, last.statement)) return last.signature;
  throw new AlreadySigned(asked, last.statement);
}

/** The record after one more statement, which {@link signatureOnRecord} allowed. */
export function recordOf(before: SigningRecord, signed: Signed<Proposal | Vote>): SigningRecord {
  if (isLockingVote(signed)) return { last: signed, lock: signed };
  const isSameHeight = before.lock?.statement.height === signed.statement.height;
  return { last: signed, lock: isSameHeight ? before.lock : undefined };
}

/** The lock that the record holds. */
export function lockOf({ lock }: SigningRecord): SigningLock | undefined {
  if (lock === undefined) return undefined;
  const { height, round } = lock.statement;
  return { height, round, value: valueIn(lock.statement) };
}

function isLockingVote(signed: Signed<Proposal | Vote>): signed is Signed<Vote> {
  const { statement } = signed;
  return isVote(statement) && statement.phase === Phase.Comparison && !isNil(statement);
}

/** Proposal, verdict, comparison: the order of the steps in a round. */
function stepOf(statement: Proposal | Vote): number {
  return isVote(statement) ? statement.phase : 0;
}

function isLater(a: Proposal | Vote, b: Proposal | Vote): boolean {
  if (a.height !== b.height) return a.height > b.height;
  if (a.round !== b.round) return a.round > b.round;
  return stepOf(a) > stepOf(b);
}

function isSame(a: Proposal | Vote, b: Proposal | Vote): boolean {
  const isSameStep = a.height === b.height && a.round === b.round && stepOf(a) === stepOf(b);
  const areSameRounds = isVote(a) || isVote(b) || a.validRound === b.validRound;
  return isSameStep && areSameRounds && a.epoch === b.epoch && sameValue(a, b);
}

function describe(statement: Proposal | Vote): string {
  const step = ["proposal", "verdict", "comparison"][stepOf(statement)];
  const what = isNil(statement) ? "nil" : `block ${statement.blockHash}`;
  return `${step} on ${what} in height ${statement.height}, round ${statement.round}`;
}
