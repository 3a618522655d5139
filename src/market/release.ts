import type { DataMarket } from "../../types/ethers-contracts/index.js";
import { mined } from "../transaction.js";
import { type RefundedOrder, type ReleasedOrder, refundedIn, releasedIn } from "./settlement.js";

/**
 * Accepts a delivery, also one that was disputed: everybody is paid. The market's runner is the buyer.
 *
 * @throws {ChainError} if the market refuses: not the buyer, or not delivered.
 */
export async function confirmOrder(market: DataMarket, order: number): Promise<ReleasedOrder> {
  return releasedIn(market, await mined(market, () => market.confirm(order)));
}

/**
 * Pays everybody when a delivery stood unchallenged for its window. Anyone may.
 *
 * @throws {ChainError} if the market refuses: not delivered, disputed, or still in its window.
 */
export async function releaseOrder(market: DataMarket, order: number): Promise<ReleasedOrder> {
  return releasedIn(market, await mined(market, () => market.release(order)));
}

/**
 * Gives the escrow back when an order was not delivered in time, or the arbiter kept silent. Anyone may; the provider also
 * before the time to deliver is over.
 *
 * @throws {ChainError} if the market refuses: delivered, or still in time.
 */
export async function refundOrder(market: DataMarket, order: number): Promise<RefundedOrder> {
  return refundedIn(market, await mined(market, () => market.refund(order)));
}
