import { getAddress, toBeHex } from "ethers";
import type { Seat } from "./validatorSet.js";

/** A seat as the chain keeps it. */
export interface KeptSeat {
  /** Checksummed address. */
  readonly validator: string;
  /** Voting power of all seats up to this one, in gwei of coin. */
  readonly end: bigint;
  /** The institution's number. */
  readonly candidate: number;
}

/**
 * Reads one of the slots that `ValidatorRegistry.seatsOf` returns.
 *
 * @param word bits 0-159 validator | 160-223 end | 224-239 candidate.
 */
export function unpackSeat(word: bigint): KeptSeat {
  return {
    validator: getAddress(toBeHex(BigInt.asUintN(160, word), 20)),
    end: BigInt.asUintN(64, word >> 160n),
    candidate: Number(BigInt.asUintN(16, word >> 224n)),
  };
}

/** Reads a whole set, in the order of its seats: what each votes with is its end less the end before it. */
export function unpackSeats(words: readonly bigint[]): Seat[] {
  const kept = words.map(unpackSeat);
  return kept.map(({ validator, candidate, end }, index) => ({
    validator,
    candidate,
    power: end - (kept[index - 1]?.end ?? 0n),
  }));
}
