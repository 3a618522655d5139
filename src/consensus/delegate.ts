import type { ValidatorRegistry } from "../../types/ethers-contracts/index.js";
import { type Mined, mined } from "../transaction.js";
import { hintAfter } from "./ranking.js";
import { allowStake } from "./stakeAllowance.js";

/**
 * Puts coin of the registry's runner at stake for a candidate; it votes from the next election on. An allowance of exactly
 * this amount is given if there is too little.
 *
 * @param candidate the institution's number; standing, or the runner's own and not tombstoned.
 * @param amount in wei of coin, above 0.
 * @throws {ChainError} if the registry refuses, or there is too little coin; {@link SenderMissing}.
 */
export async function delegate(registry: ValidatorRegistry, candidate: number, amount: bigint): Promise<Mined> {
  const hint = await hintAfter(registry, candidate, amount);
  await allowStake(registry, amount, () => registry.delegate.staticCall(candidate, amount, hint));
  return mined(registry, () => registry.delegate(candidate, amount, hint));
}
