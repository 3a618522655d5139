import type { DataMarket } from "../../types/ethers-contracts/index.js";
import { receiptEvent } from "../consensus/receiptEvent.js";
import type { Mined } from "../transaction.js";

/** Creators and institution share an order's escrow. */
export interface ReleasedOrder extends Mined {
  readonly state: "Released";
  /** What the version's patients and doctors share, in wei of coin. */
  readonly creators: bigint;
  /** The institution's, in wei of coin. */
  readonly institution: bigint;
}

/** An order's escrow went back to its buyer. */
export interface RefundedOrder extends Mined {
  readonly state: "Refunded";
  readonly buyer: string;
  /** In wei of coin. */
  readonly amount: bigint;
}

/** That a transaction released an order. @throws {EventMissing} */
export async function releasedIn(market: DataMarket, { receipt }: Mined): Promise<ReleasedOrder> {
  const { args } = await receiptEvent(market, receipt, "OrderReleased");
  const creators = BigInt(String(args.creators));
  return { state: "Released", creators, institution: BigInt(String(args.institution)), receipt };
}

/** That a transaction refunded an order. @throws {EventMissing} */
export async function refundedIn(market: DataMarket, { receipt }: Mined): Promise<RefundedOrder> {
  const { args } = await receiptEvent(market, receipt, "EscrowRefunded");
  return { state: "Refunded", buyer: String(args.buyer), amount: BigInt(String(args.amount)), receipt };
}
