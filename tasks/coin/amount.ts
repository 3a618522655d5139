import { formatEther } from "ethers";
import { required } from "../arguments/argumentInvalid.js";
import { coinArgument } from "../arguments/number.js";

/** The value of `--amount` in wei. @throws {ArgumentMissing}, {@link ArgumentInvalid}. */
export function amountArgument(text: string | undefined): bigint {
  return coinArgument(required(text, "amount", "an amount of coin such as 12.5"));
}

/** An amount in coins, for people to read; exact. */
export function coins(wei: bigint): string {
  return formatEther(wei).replace(/\.0$/, "");
}
