import type { MedicalCoin } from "../../types/ethers-contracts/index.js";
import { coins } from "./amount.js";

/** What an emitter may mint in its life, and what it has. */
export async function emissionOf(coin: MedicalCoin, emitter: string) {
  const { quota, minted } = await coin.emissionOf(emitter);
  return {
    emitter,
    quota: coins(quota),
    minted: coins(minted),
    left: coins(quota - minted),
    quotaWei: quota,
    mintedWei: minted,
  };
}
