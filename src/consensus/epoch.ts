/** An epoch, and the set that serves in it. */
export interface Epoch {
  /** Counts from 1; 0 before the first election. */
  readonly number: number;
  /** In seconds since 1970. */
  readonly startedAt: number;
  /** The set leads the slots from this one on. */
  readonly firstSlot: number;
  /** The set decides the blocks from this one on: the one after the block that elected it. */
  readonly firstBlock: number;
  /** Validators in the set. */
  readonly seats: number;
  /** Voting power of all of them, in gwei of coin. */
  readonly total: bigint;
}

/**
 * Reads the slot that `ValidatorRegistry.currentEpoch` and `epochOf` return; 0 is the time before the first election.
 *
 * @param word bits 0-31 number | 32-71 startedAt | 72-111 firstSlot | 112-159 firstBlock | 160-167 snapshot | 168-175 seats |
 * 176-239 total.
 */
export function unpackEpoch(word: bigint): Epoch {
  const field = (at: bigint, bits: number): number => Number(BigInt.asUintN(bits, word >> at));
  return {
    number: field(0n, 32),
    startedAt: field(32n, 40),
    firstSlot: field(72n, 40),
    firstBlock: field(112n, 48),
    seats: field(168n, 8),
    total: BigInt.asUintN(64, word >> 176n),
  };
}
