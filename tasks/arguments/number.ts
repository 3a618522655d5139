import { isHexString, parseEther } from "ethers";
import { ArgumentInvalid } from "./argumentInvalid.js";

/**
 * A whole number within bounds.
 *
 * @throws {ArgumentInvalid}
 */
export function wholeNumberArgument(text: string, lowest: number, highest: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= lowest && value <= highest))
    throw new ArgumentInvalid(text, `a whole number from ${lowest} to ${highest}`);
  return value;
}

/**
 * An amount of coin, in wei: a decimal number of coins with at most 18 decimals, or wei with `wei` behind it.
 *
 * @throws {ArgumentInvalid}
 */
export function coinArgument(text: string): bigint {
  const wei = /^(\d{1,60})wei$/.exec(text)?.[1];
  if (wei !== undefined) return BigInt(wei);
  if (!/^\d{1,42}(\.\d{1,18})?$/.test(text))
    throw new ArgumentInvalid(text, "an amount of coin such as 12.5, or 1000wei");
  return parseEther(text);
}

/**
 * 32 bytes in hex, such as a record's id.
 *
 * @throws {ArgumentInvalid}
 */
export function wordArgument(text: string, what: string): string {
  if (!isHexString(text, 32)) throw new ArgumentInvalid(text, `${what}: 0x and 64 hex digits`);
  return text.toLowerCase();
}
