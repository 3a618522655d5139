import type { MarketOrder } from "../../src/market/order.js";
import type { AccessContext } from "../access.js";
import { requireCertified } from "../decision.js";
import { findDelivery, type StoredDelivery } from "./deliveryStore.js";
import { datasetAt, orderAt, placeOf } from "./orderOnChain.js";

/** Thrown when somebody else than the buyer asks for a delivery, or the buyer for another purpose than the market. */
export class NotTheBuyer extends Error {
  override readonly name = "NotTheBuyer";

  constructor(orderId: number) {
    super(`Only the buyer of order ${orderId} gets its delivery: log in with that wallet, for the purpose HMARKT`);
  }
}

/** Thrown for an order that another institution delivers. */
export class OrderNotHere extends Error {
  override readonly name = "OrderNotHere";

  constructor(orderId: number, institution: number) {
    super(`Order ${orderId} is delivered by institution ${institution}: ask there`);
  }
}

/** Thrown when an order's money went back to the buyer. */
export class OrderRefunded extends Error {
  override readonly name = "OrderRefunded";

  constructor(orderId: number) {
    super(`Order ${orderId} was refunded, so nothing of it is delivered: place a new order`);
  }
}

/** Thrown while the provider has not prepared a delivery. */
export class DeliveryNotReady extends Error {
  override readonly name = "DeliveryNotReady";

  constructor(orderId: number) {
    super(`The delivery of order ${orderId} is not prepared yet: ask again later`);
  }
}

/** Thrown when the delivery on the chain is not the one that is stored. */
export class DeliveryConflict extends Error {
  override readonly name = "DeliveryConflict";

  constructor(orderId: number) {
    super(
      `What the chain names as the delivery of order ${orderId} is not stored here: tell the provider, or dispute it`,
    );
  }
}

/** An order's delivery as its buyer may see it. */
export interface BuyersDelivery {
  readonly order: MarketOrder;
  readonly stored: StoredDelivery;
  /** Whether the chain has it; before that nothing is handed out. */
  readonly isOnChain: boolean;
}

/**
 * The delivery of an order, for its buyer only.
 *
 * @throws AccessRefused, NotTheBuyer, OrderNotHere, OrderRefunded, DeliveryNotReady, DeliveryConflict, MarketNotConfigured, ChainUnavailable
 */
export async function deliveryForBuyer(context: AccessContext, orderId: number): Promise<BuyersDelivery> {
  const { chain, session, database, now } = context;
  const block = await chain.finalBlock(now);
  await requireCertified(chain, session, block);
  const order = await orderAt(chain, orderId, block);
  if (order.buyer !== session.wallet || session.purpose !== "HMARKT") throw new NotTheBuyer(orderId);
  const { institution } = await datasetAt(chain, order.dataset, block);
  if (institution !== database.institution.number) throw new OrderNotHere(orderId, institution);
  if (order.state === "Refunded") throw new OrderRefunded(orderId);
  const isOnChain = order.state !== "Ordered";
  const stored = await findDelivery(database.storage, await placeOf(chain, orderId));
  if (isOnChain && stored?.manifestRoot !== order.manifestRoot) throw new DeliveryConflict(orderId);
  if (stored === undefined) throw new DeliveryNotReady(orderId);
  return { order, stored, isOnChain };
}
