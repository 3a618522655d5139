import { WAD } from "../../src/market/pricing.js";

/** The largest move of a period, in WAD: an eighth. */
const LARGEST_STEP = WAD / 8n;
const BASIS_POINTS = 10_000n;

/**
 * `clamp(k (demand - target) / target, -1/8, 1/8)` in WAD, as `contracts/market/MarketPeriod.sol` computes it.
 *
 * @param demand records asked for.
 * @param target records expected; 0 counts as 1.
 * @param reactivity k, in basis points.
 */
export function stepOf(demand: bigint, target: bigint, reactivity: bigint): bigint {
  const expected = target === 0n ? 1n : target;
  const step = ((demand - expected) * WAD * reactivity) / (expected * BASIS_POINTS);
  if (step > LARGEST_STEP) return LARGEST_STEP;
  return step < -LARGEST_STEP ? -LARGEST_STEP : step;
}

/** `value (1 + step)`, rounded down, from `least` to `most`. */
export function moved(value: bigint, step: bigint, least: bigint, most: bigint): bigint {
  const result = (value * (WAD + step)) / WAD;
  if (result < least) return least;
  return result > most ? most : result;
}

/** The part of a stock that is expected to be ordered in a period. @param turnover in basis points. */
export function expectedOf(records: bigint, turnover: bigint): bigint {
  return (records * turnover) / BASIS_POINTS;
}
