import { getAddress, toBeHex, ZeroAddress } from "ethers";

/** A candidate's place among those that stand. */
export interface Rank {
  /** Checksummed address of the institution's wallet, which also signs as validator; undefined if it never stood. */
  readonly operator: string | undefined;
  /** The candidate with no more power; 0 at the end. */
  readonly next: number;
  /** The candidate with no less power; 0 at the top. */
  readonly previous: number;
  /** In gwei of coin; 0 if it does not stand. */
  readonly power: bigint;
}

/**
 * Reads the slot that `ValidatorRegistry.ranks` returns. That of number 0 holds both ends: `next` is the first candidate,
 * `previous` the last.
 *
 * @param word bits 0-159 operator | 160-223 power | 224-239 next | 240-255 previous.
 */
export function unpackRank(word: bigint): Rank {
  const operator = getAddress(toBeHex(BigInt.asUintN(160, word), 20));
  return {
    operator: operator === ZeroAddress ? undefined : operator,
    next: Number(BigInt.asUintN(16, word >> 224n)),
    previous: Number(BigInt.asUintN(16, word >> 240n)),
    power: BigInt.asUintN(64, word >> 160n),
  };
}
