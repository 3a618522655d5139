import type { ValidatorRegistry } from "../../types/ethers-contracts/index.js";
import { type Mined, mined } from "../transaction.js";
import { hintAfter } from "./ranking.js";

/** Which stake moves. */
export interface Move {
  /** The candidate that it leaves, by the institution's number. */
  readonly from: number;
  /** The candidate that it backs from now on; it stands. */
  readonly to: number;
  /** In wei of coin, above 0, at most the position. */
  readonly amount: bigint;
}

/**
 * Moves stake of the registry's runner to another candidate at once. It answers for the one before as if it were unbonding,
 * and stays with the new one until then.
 *
 * @throws {ChainError} if the registry refuses: more than there is, `to` does not stand, or it still answers for a third.
 */
export async function redelegate(registry: ValidatorRegistry, { from, to, amount }: Move): Promise<Mined> {
  const [fromHint, toHint] = await Promise.all([hintAfter(registry, from, -amount), hintAfter(registry, to, amount)]);
  return mined(registry, () => registry.redelegate(from, to, amount, fromHint, toHint));
}
