import type { DataMarket } from "../../types/ethers-contracts/index.js";
import { receiptEvent } from "../consensus/receiptEvent.js";
import { type Mined, mined } from "../transaction.js";

/** What a provider delivers. */
export interface Delivery {
  /** The order's number. */
  readonly orderId: number;
  /** Root of the tree over the manifest's leaves, 32 bytes in hex. */
  readonly manifestRoot: string;
  /** Records, 1 to the ordered amount; what is missing is refunded at once. */
  readonly delivered: number;
  /** When the consents were checked, in seconds since 1970: at most an hour ago, and not before the order. */
  readonly exportedAt: number;
}

/** A delivery that the buyer may dispute. */
export interface Delivered extends Mined {
  /** Until when, in seconds since 1970. */
  readonly deadline: number;
}

/**
 * Says on the chain what was delivered. The market's runner is the provider's wallet.
 *
 * @throws {ChainError} if the market refuses: not the provider, late, delivered already, or an export too long ago.
 */
export async function deliverOrder(market: DataMarket, delivery: Delivery): Promise<Delivered> {
  const { orderId, manifestRoot, delivered, exportedAt } = delivery;
  const { receipt } = await mined(market, () => market.deliver(orderId, manifestRoot, delivered, exportedAt));
  const { args } = await receiptEvent(market, receipt, "OrderDelivered");
  return { deadline: Number(args.deadline), receipt };
}
