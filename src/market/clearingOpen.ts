import type { MarketClearing } from "../../types/ethers-contracts/index.js";
import { receiptEvent } from "../consensus/receiptEvent.js";
import type { DataClassCode } from "../records/dataClass.js";
import { PurposeOfUse, type PurposeOfUseCode } from "../records/purposeOfUse.js";
import { type Mined, mined } from "../transaction.js";
import { exactSecond } from "../utcDay.js";

/** What a round is for, and when. */
export interface RoundTerms {
  /** The class of the records, 24 to 31. */
  readonly dataClass: DataClassCode;
  /** For what they may be used. */
  readonly purpose: PurposeOfUseCode;
  /** Offers and bids are taken before; up to 30 days from now. */
  readonly biddingEnd: Date;
  /** The round is cleared and settled before; 1 hour to 7 days after the bidding. */
  readonly settleDeadline: Date;
}

/** A round that was opened. */
export interface RoundOpened extends Mined {
  /** Its number. */
  readonly round: number;
}

/**
 * Opens a round. The clearing's runner is an operator of the consortium.
 *
 * @throws {ChainError} if the clearing refuses; {@link InvalidDate}.
 */
export async function openRound(clearing: MarketClearing, terms: RoundTerms): Promise<RoundOpened> {
  const { dataClass, biddingEnd, settleDeadline } = terms;
  const purpose = PurposeOfUse[terms.purpose];
  const times = [exactSecond(biddingEnd), exactSecond(settleDeadline)] as const;
  const { receipt } = await mined(clearing, () => clearing.openRound(dataClass, purpose, ...times));
  const { args } = await receiptEvent(clearing, receipt, "RoundOpened");
  return { round: Number(args.round), receipt };
}
