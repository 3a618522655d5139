import type { NetworkConnection } from "hardhat/types/network";

/**
 * The present, for times that are counted from now: the clock's, or the newest block's where a development chain's clock
 * was set ahead.
 */
export async function nowOf({ ethers }: NetworkConnection): Promise<Date> {
  const block = await ethers.provider.getBlock("latest");
  return new Date(Math.max(Date.now(), (block?.timestamp ?? 0) * 1000));
}

/** Seconds since 1970 as ISO 8601 text. */
export function isoTime(seconds: number | bigint): string {
  return new Date(Number(seconds) * 1000).toISOString().replace(".000Z", "Z");
}
