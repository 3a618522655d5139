import type { Signer } from "ethers";
import type { MarketClearing } from "../../types/ethers-contracts/index.js";
import { receiptEvent } from "../consensus/receiptEvent.js";
import { type Mined, mined } from "../transaction.js";
import { type BidTerms, bidTermsOnChain, escrowOf } from "./clearingBid.js";
import { permitFor, requireCoin } from "./payment.js";

/** A bid that was placed. */
export interface BidPlaced extends Mined {
  /** Its number in the round, from 0. */
  readonly index: number;
  /** What was taken with it, in wei of coin. */
  readonly escrow: bigint;
}

/**
 * Bids in a round, bindingly, and pays the escrow by a permit for exactly as much, in one transaction.
 *
 * @param bidder the wallet of an active researcher or company, an account that signs; it pays the gas as well.
 * @param round its number.
 * @throws {ChainError} if the clearing refuses, or there is too little coin; {@link BidInvalid}; {@link ProviderMissing}.
 */
export async function placeBid(
  clearing: MarketClearing,
  bidder: Signer,
  round: number,
  terms: BidTerms,
): Promise<BidPlaced> {
  const onChain = bidTermsOnChain(terms);
  const escrow = escrowOf(terms);
  const connected = clearing.connect(bidder);
  await requireCoin(connected, escrow);
  const { deadline, v, r, s } = await permitFor(connected, escrow);
  const { receipt } = await mined(connected, () => connected.bidWithPermit(round, onChain, deadline, v, r, s));
  const { args } = await receiptEvent(connected, receipt, "BidPlaced");
  return { index: Number(args.index), escrow, receipt };
}
