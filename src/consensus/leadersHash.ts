import { concat, keccak256, toBeHex, ZeroHash } from "ethers";

/** The running hash of an epoch's leaders before its first block. */
export const NO_LEADERS = ZeroHash;

/**
 * The running hash of an epoch's leaders after one more block. A certificate signs it, so that it proves who made every
 * block of the epoch so far; the `BlockCertifier` computes it again.
 *
 * @param previous the hash before this block; {@link NO_LEADERS} for the epoch's first.
 * @param slot in which the block was made, from 0 to 2^53 - 1.
 * @param seat its maker's seat in the epoch's set, from 0 to 255.
 * @returns 32 bytes in lower-case hex.
 */
export function extendLeadersHash(previous: string, slot: number, seat: number): string {
  const leader = (BigInt(slot) << 8n) | BigInt(seat);
  return keccak256(concat([previous, toBeHex(leader, 32)]));
}
