import type { MedicalCoin } from "../../types/ethers-contracts/index.js";
import { type Mined, mined } from "../transaction.js";

/**
 * Allots a lifetime quota to an emitter, once. The coin's runner is an operator.
 *
 * @param emitter address of the contract that may mint.
 * @param quota in wei of the coin (18 decimals), from 1 to what the cap leaves.
 * @throws {ChainError} if the coin refuses: not an operator, no emitter or quota, allotted already, or above the cap.
 */
export function allotEmission(coin: MedicalCoin, emitter: string, quota: bigint): Promise<Mined> {
  return mined(coin, () => coin.allotEmission(emitter, quota));
}

/**
 * Takes back what an emitter has not minted: it mints nothing more. The coin's runner is an operator.
 *
 * @param emitter address of the contract that may mint no more.
 * @throws {ChainError} if the coin refuses: not an operator, or the emitter has no quota left.
 */
export function endEmission(coin: MedicalCoin, emitter: string): Promise<Mined> {
  return mined(coin, () => coin.endEmission(emitter));
}
