import type { DataMarket } from "../../types/ethers-contracts/index.js";
import { receiptEvent } from "../consensus/receiptEvent.js";
import { type Mined, mined } from "../transaction.js";
import type { ManifestLeaf } from "./manifest.js";
import { type RefundedOrder, type ReleasedOrder, refundedIn, releasedIn } from "./settlement.js";

/** A dispute that the arbiter may decide. */
export interface DisputedOrder extends Mined {
  /** Until when, in seconds since 1970. */
  readonly deadline: number;
}

/**
 * Disputes a delivery, once. The market's runner is the buyer.
 *
 * @param reason hash of what is wrong with it, 32 bytes in hex.
 * @throws {ChainError} if the market refuses: not the buyer, not delivered, disputed before, or the window is over.
 */
export async function disputeOrder(market: DataMarket, order: number, reason: string): Promise<DisputedOrder> {
  const { receipt } = await mined(market, () => market.dispute(order, reason));
  const { args } = await receiptEvent(market, receipt, "OrderDisputed");
  return { deadline: Number(args.deadline), receipt };
}

/**
 * Decides a dispute. The market's runner is an arbiter of the consortium.
 *
 * @param toBuyer whether the buyer is refunded; otherwise everybody is paid.
 * @throws {ChainError} if the market refuses: no arbiter, or no dispute.
 */
export async function ruleOrder(
  market: DataMarket,
  order: number,
  toBuyer: boolean,
): Promise<ReleasedOrder | RefundedOrder> {
  const ruled = await mined(market, () => market.rule(order, toBuyer));
  return toBuyer ? refundedIn(market, ruled) : releasedIn(market, ruled);
}

/**
 * Proves that a delivery holds a record without consent at its export, or one that the version does not hold; the buyer is
 * refunded. Anyone may, until everybody is paid.
 *
 * @param proof of the leaf in the delivery's manifest.
 * @throws {ChainError} if the market refuses: no such leaf, no fraud, not delivered, or ended already.
 */
export async function proveFraud(
  market: DataMarket,
  order: number,
  leaf: ManifestLeaf,
  proof: readonly string[],
): Promise<RefundedOrder> {
  const { recordId, key, ciphertextHash, keyHash } = leaf;
  const proven = { recordId, key, ciphertextHash, keyHash };
  return refundedIn(market, await mined(market, () => market.proveFraud(order, proven, [...proof])));
}
