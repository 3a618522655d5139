import { type MarketOrder, orderFrom } from "../../src/market/order.js";
import type { OrderPlace } from "../../src/market/seal.js";
import { type DataMarket, type DatasetRegistry, DatasetRegistry__factory } from "../../types/ethers-contracts/index.js";
import type { ChainView, FinalBlock } from "../chainView.js";

/** What a delivery has to know of the dataset. */
export interface DatasetOnChain {
  /** The provider's number. */
  readonly institution: number;
  /** One bit for each section class that is delivered. */
  readonly sectionClasses: number;
  /** One bit for each purpose for which it may be bought. */
  readonly purposes: number;
}

/** Thrown when the service was given no data market. */
export class MarketNotConfigured extends Error {
  override readonly name = "MarketNotConfigured";

  constructor() {
    super("No data market is configured here: start the service with the market's address");
  }
}

/** @throws MarketNotConfigured */
export function marketOf({ dataMarket }: ChainView): DataMarket {
  if (dataMarket === undefined) throw new MarketNotConfigured();
  return dataMarket;
}

/** Where an order is kept. @throws MarketNotConfigured */
export async function placeOf(chain: ChainView, orderId: number): Promise<OrderPlace> {
  return { chainId: chain.chainId, market: await marketOf(chain).getAddress(), orderId };
}

/**
 * An order as it stands at a block; for a number that no order has, its state is `None`.
 *
 * @throws MarketNotConfigured, ChainUnavailable, InvalidOrderState
 */
export async function orderAt(chain: ChainView, id: number, block: FinalBlock): Promise<MarketOrder> {
  return orderFrom(id, await chain.ask(marketOf(chain).orderOf(id, { blockTag: block.number })));
}

/** The datasets of a market, asked at the market's node. */
export async function datasetsOf(market: DataMarket): Promise<DatasetRegistry> {
  return DatasetRegistry__factory.connect(await market.datasetRegistry(), market.runner);
}

/**
 * The dataset of an order.
 *
 * @throws MarketNotConfigured, ChainUnavailable
 */
export async function datasetAt(chain: ChainView, dataset: number, block: FinalBlock): Promise<DatasetOnChain> {
  const registry = await chain.ask(datasetsOf(marketOf(chain)));
  const [listing, institution] = await chain.ask(registry.listingOf(dataset, { blockTag: block.number }));
  return {
    institution: Number(institution),
    sectionClasses: Number(listing.sectionClasses),
    purposes: Number(listing.purposes),
  };
}

/** Where an order was placed. */
export interface Placement {
  /** 32 bytes in hex. */
  readonly blockHash: string;
  readonly blockNumber: number;
}

/**
 * The block in which an order was placed; undefined if the node does not know it.
 *
 * @param toBlock number of the last block to look at; the newest by default
 */
export async function placementOf(market: DataMarket, id: number, toBlock?: number): Promise<Placement | undefined> {
  const [placed] = await market.queryFilter(market.filters.OrderPlaced(id), 0, toBlock);
  return placed && { blockHash: placed.blockHash, blockNumber: placed.blockNumber };
}
