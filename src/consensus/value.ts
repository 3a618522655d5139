import { ZeroHash } from "ethers";

/** What validators agree on for a height. Three words of 32 bytes in lower-case hex, compared as a whole. */
export interface Value {
  /** Hash of the block. */
  readonly blockHash: string;
  /** Root of the state after the block, as the validator's own execution gave it. */
  readonly stateRoot: string;
  /** Running hash of the epoch's leaders up to this block, see `extendLeadersHash`. */
  readonly leadersHash: string;
}

/** The value of a vote for nothing. */
export const NIL: Value = { blockHash: ZeroHash, stateRoot: ZeroHash, leadersHash: ZeroHash };

/** Whether this is the value of a vote for nothing. */
export function isNil(value: Value): boolean {
  return sameValue(value, NIL);
}

/** Whether two values are equal in all three words. */
export function sameValue(a: Value, b: Value): boolean {
  return a.blockHash === b.blockHash && a.stateRoot === b.stateRoot && a.leadersHash === b.leadersHash;
}

/** The value of a statement, without its other fields. */
export function valueIn({ blockHash, stateRoot, leadersHash }: Value): Value {
  return { blockHash, stateRoot, leadersHash };
}

/** A text that is equal for equal values only; for use as a key. */
export function valueKey({ blockHash, stateRoot, leadersHash }: Value): string {
  return `${blockHash} ${stateRoot} ${leadersHash}`;
}
