import type { DataMarket } from "../../types/ethers-contracts/index.js";
import { receiptEvent } from "../consensus/receiptEvent.js";
import { type Mined, mined } from "../transaction.js";

/** Income that an institution was paid. */
export interface ClaimedIncome extends Mined {
  /** The institution's number. */
  readonly institution: number;
  /** In wei of coin. */
  readonly amount: bigint;
}

/**
 * Pays an institution its income from sales, to its wallet. The market's runner may be anyone.
 *
 * @param institution its number.
 * @throws {ChainError} if the market refuses: there is nothing to pay.
 */
export async function claimIncome(market: DataMarket, institution: number): Promise<ClaimedIncome> {
  const { receipt } = await mined(market, () => market.claimIncome(institution));
  const { args } = await receiptEvent(market, receipt, "IncomeClaimed");
  return { institution, amount: BigInt(String(args.amount)), receipt };
}
