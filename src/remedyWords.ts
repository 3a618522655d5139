import { formatEther } from "ethers";

/** The arguments of a contract's error, by name. */
export type ErrorArguments = Readonly<Record<string, unknown>>;

/** What to do about an error. */
export type Remedy = string | ((args: ErrorArguments) => string);

/** An amount of wei in coins. */
export function coins(wei: unknown): string {
  return formatEther(BigInt(String(wei))).replace(/\.0$/, "");
}

/** A time on the chain's clock, in UTC. */
export function moment(seconds: unknown): string {
  return new Date(Number(seconds) * 1000).toISOString();
}
