import type { ContractRunner, ContractTransactionReceipt, ContractTransactionResponse } from "ethers";
import { mined } from "../transaction.js";

/** A contract of the market whose new business can be stopped. */
export interface Pausable {
  readonly runner: ContractRunner | null;
  paused(): Promise<boolean>;
  pause(): Promise<ContractTransactionResponse>;
  unpause(): Promise<ContractTransactionResponse>;
}

/**
 * Stops what is new in each of these contracts that is not stopped: listing, ordering, bidding. What was ordered is delivered,
 * disputed, paid and refunded all the same. Their runner is a pauser of the consortium.
 *
 * @throws {ChainError} if a contract refuses, those before are stopped.
 */
export function pauseMarket(contracts: readonly Pausable[]): Promise<ContractTransactionReceipt[]> {
  return switchTo(true, contracts);
}

/**
 * Ends {@link pauseMarket}.
 *
 * @throws {ChainError} if a contract refuses, those before are on again.
 */
export function unpauseMarket(contracts: readonly Pausable[]): Promise<ContractTransactionReceipt[]> {
  return switchTo(false, contracts);
}

async function switchTo(paused: boolean, contracts: readonly Pausable[]): Promise<ContractTransactionReceipt[]> {
  const receipts: ContractTransactionReceipt[] = [];
  for (const contract of contracts) {
    if ((await contract.paused()) === paused) continue;
    const { receipt } = await mined(contract, () => (paused ? contract.pause() : contract.unpause()));
    receipts.push(receipt);
  }
  return receipts;
}
