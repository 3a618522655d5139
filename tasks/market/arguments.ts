import { parseUnits } from "ethers";
import { ArgumentInvalid, required } from "../arguments/argumentInvalid.js";
import { coinArgument, wholeNumberArgument, wordArgument } from "../arguments/number.js";

/** The number of a dataset or of an order. @throws {ArgumentInvalid} */
export function numberArgument(text: string): number {
  return wholeNumberArgument(text, 1, 2 ** 32 - 1);
}

/** The ids of records. @throws {ArgumentInvalid} */
export function recordsArgument(texts: readonly string[]): string[] {
  return texts.map((text) => wordArgument(text, "a record's id"));
}

/** An option in coin that has to be given. @throws {ArgumentMissing}, {@link ArgumentInvalid}. */
export function requiredCoin(text: string | undefined, option: string): bigint {
  return coinArgument(required(text, option, "an amount of coin such as 12.5"));
}

/** Records in WAD, from a decimal number with at most 18 decimals. @throws {ArgumentMissing}, {@link ArgumentInvalid}. */
export function requiredRecords(text: string | undefined, option: string): bigint {
  const given = required(text, option, "a number of records such as 2.5");
  if (!/^\d{1,18}(\.\d{1,18})?$/.test(given)) throw new ArgumentInvalid(given, "a number of records such as 2.5");
  return parseUnits(given, 18);
}
