/** 2^128 divided by the golden ratio, rounded down; the contract has the same number. */
export const GOLDEN = 0x9e3779b97f4a7c15f39cc0605cedc834n;

const FRACTION_BITS = 128n;

/**
 * The seat that leads a slot: the one whose interval of the powers, laid end to end, contains the fractional part of
 * slot / golden ratio. No other rotation spreads the slots so evenly: in any run of up to 20,000 slots each seat has its
 * share within 5 slots. `ValidatorRegistry.leaderAt` computes the same, bit for bit.
 *
 * @param slot not negative.
 * @param ends cumulative powers: each the sum of the powers up to its seat, so never falling; the last is `total`.
 * @param total sum of the powers, positive.
 * @returns index in `ends`.
 */
export function leaderSeat(slot: number, ends: readonly bigint[], total: bigint): number {
  const fraction = BigInt.asUintN(Number(FRACTION_BITS), BigInt(slot) * GOLDEN);
  const point = (fraction * total) >> FRACTION_BITS;
  return firstAbove(point, ends);
}

function firstAbove(point: bigint, ends: readonly bigint[]): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] ?? 0n) > point) high = middle;
    else low = middle + 1;
  }
  return low;
}
