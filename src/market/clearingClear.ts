import type { MarketClearing } from "../../types/ethers-contracts/index.js";
import { type Mined, mined } from "../transaction.js";
import { type Clearing, solveClearing } from "./clearing.js";
import { clearingRoundOf } from "./clearingRound.js";

/** A round that was cleared. */
export interface Cleared extends Mined {
  readonly clearing: Clearing;
}

/**
 * Solves a round whose bidding is over, and sets its price. Anyone may.
 *
 * @param round its number.
 * @throws {ChainError} if the contract refuses; {@link RoundUnknown}.
 */
export async function clearRound(marketClearing: MarketClearing, round: number): Promise<Cleared> {
  const { bids, offers } = await clearingRoundOf(marketClearing, round);
  const clearing = solveClearing(bids, offers);
  const { price, cut, merit } = clearing;
  const { receipt } = await mined(marketClearing, () => marketClearing.clear(round, price, cut, [...merit]));
  return { clearing, receipt };
}
