import type { ContractTransactionReceipt } from "ethers";
import type { DatasetRegistry } from "../../types/ethers-contracts/index.js";
import { mined } from "../transaction.js";
import { inBatches } from "./inBatches.js";

/** Sharing rewards that were emitted. */
export interface ClaimedRewards {
  /** The records'. */
  readonly claimed: readonly string[];
  readonly receipts: readonly ContractTransactionReceipt[];
}

/**
 * Emits the rewards that records have earned by coming on sale for the first time, to patient, doctor and institution; 100
 * in a transaction. Anyone may: it pays nobody else.
 *
 * @param ids the records', 32 bytes in hex; those with nothing due are left out.
 * @throws {ChainError} if the registry refuses a transaction, such as for a used-up emission quota; those before are done.
 */
export async function claimSharingRewards(registry: DatasetRegistry, ids: readonly string[]): Promise<ClaimedRewards> {
  const distinct = [...new Set(ids)];
  const isDue = await Promise.all(distinct.map((id) => isRewardDue(registry, id)));
  const claimed = distinct.filter((_, place) => isDue[place]);
  const receipts: ContractTransactionReceipt[] = [];
  for (const batch of inBatches(claimed)) {
    receipts.push((await mined(registry, () => registry.claimSharingRewards(batch))).receipt);
  }
  return { claimed, receipts };
}

/** Whether a version held a record, and its reward is not paid. @throws what the node throws. */
async function isRewardDue(registry: DatasetRegistry, id: string): Promise<boolean> {
  const { dataset, joined, left, wasOnSale, rewarded } = await registry.membershipOf(id);
  if (rewarded || joined === 0n) return false;
  return wasOnSale || (joined !== left && joined <= (await registry.stockOf(dataset)).version);
}
