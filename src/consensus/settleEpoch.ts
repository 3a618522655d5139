import type { BlockCertifier } from "../../types/ethers-contracts/index.js";
import { type Mined, mined } from "../transaction.js";
import { receiptEvent } from "./receiptEvent.js";

/** An epoch that is paid for. */
export interface Settled extends Mined {
  readonly epoch: number;
  /** Blocks that count in it; 0 if its set is not kept any more. */
  readonly blocks: number;
  /** Coin that was minted for its validators and their delegators, in wei. */
  readonly minted: bigint;
}

/**
 * Pays the validators of the oldest epoch that is not settled, once it is over and confirmed, and jails who was down.
 * Anyone may.
 *
 * @throws {ChainError} if the certifier refuses: the epoch is not over, or not confirmed to its end.
 */
export async function settleEpoch(certifier: BlockCertifier): Promise<Settled> {
  const { receipt } = await mined(certifier, () => certifier.settleEpoch());
  const { args } = await receiptEvent(certifier, receipt, "EpochSettled");
  const { epoch, blocks, minted } = args;
  return { epoch: Number(epoch), blocks: Number(blocks), minted: BigInt(String(minted)), receipt };
}
