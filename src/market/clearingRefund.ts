import type { MarketClearing } from "../../types/ethers-contracts/index.js";
import { receiptEvent } from "../consensus/receiptEvent.js";
import { type Mined, mined } from "../transaction.js";

/** Coin that the clearing gave back. */
export interface Refunded extends Mined {
  /** The bidder's professional number. */
  readonly bidder: number;
  /** In wei of coin. */
  readonly amount: bigint;
}

/**
 * Gives the escrow of a bid back that was not settled in time, to the bidder's wallet. Anyone may.
 *
 * @param round a round whose deadline has passed.
 * @param index the bid's number.
 * @throws {ChainError} if the clearing refuses.
 */
export async function reclaimBid(clearing: MarketClearing, round: number, index: number): Promise<Refunded> {
  const { receipt } = await mined(clearing, () => clearing.reclaim(round, index));
  return refundedBy(clearing, "BidReclaimed", receipt);
}

/**
 * Pays to a bidder's wallet what its settled bids did not cost. Anyone may.
 *
 * @param bidder the bidder's professional number.
 * @throws {ChainError} if the clearing refuses: there is nothing to claim.
 */
export async function claimRefund(clearing: MarketClearing, bidder: number): Promise<Refunded> {
  const { receipt } = await mined(clearing, () => clearing.claimRefund(bidder));
  return refundedBy(clearing, "RefundClaimed", receipt);
}

async function refundedBy(clearing: MarketClearing, event: string, receipt: Mined["receipt"]): Promise<Refunded> {
  const { args } = await receiptEvent(clearing, receipt, event);
  return { bidder: Number(args.bidder), amount: BigInt(String(args.amount)), receipt };
}
