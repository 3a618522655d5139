import type { DataMarket } from "../../types/ethers-contracts/index.js";
import { ChainError } from "../chainError.js";
import { type BlockRange, eventsAbout } from "../eventLog.js";
import { type OrderStateName, orderStateName } from "./orderState.js";

/** An order with its escrow. */
export interface MarketOrder {
  /** Its number, from 1. */
  readonly order: number;
  readonly state: OrderStateName;
  /** Checksummed address. */
  readonly buyer: string;
  readonly dataset: number;
  readonly version: number;
  /** Records ordered. */
  readonly amount: number;
  /** Records delivered; 0 before. */
  readonly delivered: number;
  /** Of a record, in wei of coin. */
  readonly price: bigint;
  /** Number of the purpose's bit. */
  readonly purpose: number;
  /** In seconds since 1970: until when to deliver, once delivered to dispute, once disputed to rule. */
  readonly deadline: number;
  /** In seconds since 1970: when it was ordered; once delivered, when its consents were checked for the export. */
  readonly asOf: number;
  /** Root over the leaves of what was delivered, 32 bytes in hex; zero before. */
  readonly manifestRoot: string;
}

/** Which orders. */
export interface OrderFilter {
  /** Only those of this buyer. */
  readonly buyer?: string;
  /** Only those of this dataset. */
  readonly dataset?: number;
}

/**
 * One order.
 *
 * @throws {ChainError} `OrderUnknown`; {@link InvalidOrderState}; what the node throws.
 */
export async function orderOf(market: DataMarket, order: number): Promise<MarketOrder> {
  const found = orderFrom(order, await market.orderOf(order));
  if (found.state === "None") throw new ChainError("OrderUnknown", { order });
  return found;
}

/**
 * Reads what `DataMarket.orderOf` returns; for a number that no order has, the state is `None`.
 *
 * @throws {InvalidOrderState}
 */
export function orderFrom(order: number, found: Awaited<ReturnType<DataMarket["orderOf"]>>): MarketOrder {
  return {
    order,
    state: orderStateName(found.state),
    buyer: found.buyer,
    dataset: Number(found.dataset),
    version: Number(found.version),
    amount: Number(found.amount),
    delivered: Number(found.delivered),
    price: found.price,
    purpose: Number(found.purpose),
    deadline: Number(found.deadline),
    asOf: Number(found.asOf),
    manifestRoot: found.manifestRoot,
  };
}

/**
 * The orders of a buyer or of a dataset, or all, by number.
 *
 * @param range where to look for those of a buyer or of a dataset; the whole chain by default.
 * @throws {ProviderMissing}, {@link InvalidOrderState}, and what the node throws.
 */
export async function ordersOf(
  market: DataMarket,
  filter: OrderFilter = {},
  range: BlockRange = {},
): Promise<MarketOrder[]> {
  const numbers = await orderNumbers(market, filter, range);
  const orders = await Promise.all(numbers.map((order) => orderOf(market, order)));
  return orders.filter(({ dataset }) => dataset === (filter.dataset ?? dataset));
}

async function orderNumbers(market: DataMarket, filter: OrderFilter, range: BlockRange): Promise<number[]> {
  const { buyer, dataset } = filter;
  if (buyer === undefined && dataset === undefined) {
    return Array.from({ length: Number(await market.orderCount()) }, (_, place) => place + 1);
  }
  const events =
    buyer === undefined
      ? await eventsAbout(market, "dataset", String(dataset), range)
      : await eventsAbout(market, "buyer", buyer, range);
  const placed = events.filter(({ event }) => event === "OrderPlaced").map(({ args }) => Number(args.order));
  return placed.sort((a, b) => a - b);
}
