import { datasetRecords } from "../../src/market/datasetRecords.js";
import { type MarketOrder, orderFrom } from "../../src/market/order.js";
import { ConsentRegistry__factory, type DataMarket } from "../../types/ethers-contracts/index.js";
import { datasetsOf, type Placement, placementOf } from "./orderOnChain.js";
import { drawOrder, selectionSeed } from "./selection.js";

/** Thrown when the node does not know where an order was placed, so that nobody can draw its records. */
export class PlacementUnknown extends Error {
  override readonly name = "PlacementUnknown";

  constructor(orderId: number) {
    super(
      `The node does not know the block of order ${orderId}: check the number, or ask a node that keeps all events`,
    );
  }
}

/** An order whose records are drawn. */
export type DrawnOrder = Pick<MarketOrder, "order" | "dataset" | "version">;

/**
 * The records of an order's version in the order in which they have to be delivered, each with the key of its grant.
 *
 * @param toBlock number of the last block to look at; the newest by default
 * @throws PlacementUnknown, and what the node throws
 */
export async function drawnRecords(
  market: DataMarket,
  order: DrawnOrder,
  toBlock?: number,
): Promise<Map<string, string>> {
  const placed = await placementOf(market, order.order, toBlock);
  if (placed === undefined) throw new PlacementUnknown(order.order);
  return drawnWith(market, order, placed);
}

/** The same for an order that is known to have been placed there. @throws what the node throws */
export async function drawnWith(
  market: DataMarket,
  { order, dataset, version }: DrawnOrder,
  { blockHash, blockNumber }: Placement,
): Promise<Map<string, string>> {
  const records = await datasetRecords(await datasetsOf(market), dataset, version, { toBlock: blockNumber });
  const keys = new Map(records.map(({ id, key }) => [id, key]));
  const drawn = drawOrder(selectionSeed(order, blockHash), keys.keys());
  return new Map(drawn.map((recordId) => [recordId, keys.get(recordId) ?? ""]));
}

/** A record that should have been delivered before others that were. */
export interface SkippedRecord {
  readonly recordId: string;
  /**
   * Whether its consent is known to have been over at the export. If not, the provider has to say why: it may be shredded, or have nothing
   * that may be delivered; or the provider chose what to deliver.
   */
  readonly consentWasOver: boolean;
}

/**
 * Which records a provider passed over: those that the draw has before the last one that was delivered.
 *
 * @param delivered the ids of the delivered records
 * @throws PlacementUnknown, and what the node throws
 */
export async function skippedRecords(
  market: DataMarket,
  orderId: number,
  delivered: readonly string[],
): Promise<SkippedRecord[]> {
  const order = orderFrom(orderId, await market.orderOf(orderId));
  const drawn = [...(await drawnRecords(market, order))];
  const known = new Set(delivered);
  const last = drawn.findLastIndex(([recordId]) => known.has(recordId));
  const [, institution] = await (await datasetsOf(market)).listingOf(order.dataset);
  const consents = ConsentRegistry__factory.connect(await market.consentRegistry(), market.runner);
  const skipped: SkippedRecord[] = [];
  for (const [recordId, key] of drawn.slice(0, last + 1)) {
    if (known.has(recordId)) continue;
    skipped.push({ recordId, consentWasOver: await consents.isRefuted(key, recordId, institution, order.asOf) });
  }
  return skipped;
}
