import { ArgumentInvalid } from "../arguments/argumentInvalid.js";

/**
 * A whole number within bounds, of an option that Hardhat has read as one already.
 *
 * @throws {ArgumentInvalid}
 */
export function countArgument(value: number, lowest: number, highest: number): number {
  if (value >= lowest && value <= highest) return value;
  throw new ArgumentInvalid(String(value), `a whole number from ${lowest} to ${highest}`);
}
