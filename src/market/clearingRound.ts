import type { MarketClearing } from "../../types/ethers-contracts/index.js";
import { type Bid, unpackBid } from "./clearingBid.js";
import { type Offer, unpackOffer } from "./clearingOffer.js";

/** A round of the clearing. */
export interface ClearingRound {
  /** Its number, from 1. */
  readonly round: number;
  /** The record class that is traded, 24 to 31. */
  readonly dataClass: number;
  /** Number of the bit of the purpose for which it is traded. */
  readonly purpose: number;
  /** Offers and bids are taken before. */
  readonly biddingEnd: Date;
  /** The round is cleared and settled before; after that, what is not settled can be reclaimed. */
  readonly settleDeadline: Date;
  /** Of a record, in wei of coin; undefined until the round is cleared. */
  readonly price: bigint | undefined;
  /** Bids whose maximum price is the price itself are in if their number is below. */
  readonly cut: number;
  /** How many bids are settled: those with the lowest numbers. */
  readonly settled: number;
  /** By number, from 0. */
  readonly offers: readonly Offer[];
  /** By number, from 0. */
  readonly bids: readonly Bid[];
}

/** No round has this number. */
export class RoundUnknown extends Error {
  override readonly name = "RoundUnknown";

  constructor(round: number) {
    super(`No round has the number ${round}: give one from 1 to roundCount().`);
  }
}

/**
 * Reads a round with its offers and bids.
 *
 * @param round its number.
 * @throws {RoundUnknown}, and what the node throws.
 */
export async function clearingRoundOf(clearing: MarketClearing, round: number): Promise<ClearingRound> {
  const [kept, offers, bids] = await Promise.all([
    clearing.roundOf(round),
    clearing.offersOf(round),
    clearing.bidsOf(round),
  ]);
  if (kept.biddingEnd === 0n) throw new RoundUnknown(round);
  return {
    round,
    dataClass: Number(kept.dataClass),
    purpose: Number(kept.purpose),
    biddingEnd: new Date(Number(kept.biddingEnd) * 1000),
    settleDeadline: new Date(Number(kept.settleDeadline) * 1000),
    price: kept.price === 0n ? undefined : kept.price,
    cut: Number(kept.cut),
    settled: Number(kept.settled),
    offers: offers.map(unpackOffer),
    bids: bids.map(unpackBid),
  };
}
