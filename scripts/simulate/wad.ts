import { WAD } from "../../src/market/pricing.js";

const MICRO = 10n ** 12n;

/** Units of coin or records as WAD. @param units at most six decimals; below a thousand million. */
export function wad(units: number): bigint {
  return BigInt(Math.round(units * 1e6)) * MICRO;
}

/** A WAD number for plotting: exact to about 16 digits. */
export function unitsOf(amount: bigint): number {
  return Number(amount / WAD) + Number(amount % WAD) / 1e18;
}
