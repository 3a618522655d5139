import type { MarketClearing } from "../../types/ethers-contracts/index.js";
import { receiptEvent } from "../consensus/receiptEvent.js";
import { type Mined, mined } from "../transaction.js";
import type { Offer } from "./clearingOffer.js";

/** An offer that was made. */
export interface OfferMade extends Mined {
  /** Its number in the round, from 0. */
  readonly index: number;
}

/**
 * Offers records of a dataset in a round, bindingly. The clearing's runner is the wallet of the dataset's institution.
 *
 * @param round its number.
 * @param offer the cost is at least the dataset's `gamma + floor`, the capacity at most its records on sale.
 * @throws {ChainError} if the clearing refuses.
 */
export async function offerRecords(
  clearing: MarketClearing,
  round: number,
  { dataset, cost, capacity }: Omit<Offer, "institution">,
): Promise<OfferMade> {
  const { receipt } = await mined(clearing, () => clearing.offer(round, dataset, cost, capacity));
  const { args } = await receiptEvent(clearing, receipt, "OfferMade");
  return { index: Number(args.index), receipt };
}
