import { ArgumentInvalid } from "../arguments/argumentInvalid.js";

/**
 * A percentage, in basis points: a decimal number with at most two decimals.
 *
 * @param lowest in basis points.
 * @param highest in basis points.
 * @throws {ArgumentInvalid}
 */
export function percentArgument(text: string, lowest = 0, highest = 10_000): number {
  const basisPoints = /^\d{1,3}(\.\d{1,2})?$/.test(text) ? Math.round(Number(text) * 100) : Number.NaN;
  if (basisPoints >= lowest && basisPoints <= highest) return basisPoints;
  throw new ArgumentInvalid(text, `a percentage from ${percent(lowest)} to ${percent(highest)}, such as 7.5`);
}

/** Basis points as a percentage. */
export function percent(basisPoints: number): number {
  return basisPoints / 100;
}
