import type { DataMarket, DatasetRegistry } from "../../types/ethers-contracts/index.js";
import { type Mined, mined } from "../transaction.js";
import type { Listing } from "./listing.js";

/** Between what a dataset's price lies, in wei of coin a record. */
export type PriceBounds = Pick<Listing, "lambdaMin" | "lambdaMax">;

/**
 * Sets the bounds of a dataset's price, for orders from now on. The registry's runner is the provider's wallet.
 *
 * @throws {ChainError} if the registry refuses: not the provider, or bounds that do not keep `gamma + floor <= lambdaMin <= lambdaMax`.
 */
export function setPrices(
  registry: DatasetRegistry,
  dataset: number,
  { lambdaMin, lambdaMax }: PriceBounds,
): Promise<Mined> {
  return mined(registry, () => registry.setPrices(dataset, lambdaMin, lambdaMax));
}

/**
 * Takes a dataset off sale for good; orders that stand are delivered and paid all the same. The registry's runner is the
 * provider's wallet.
 *
 * @throws {ChainError} if the registry refuses: not the provider, or closed already.
 */
export function closeDataset(registry: DatasetRegistry, dataset: number): Promise<Mined> {
  return mined(registry, () => registry.closeDataset(dataset));
}

/** The ceiling of a dataset's price. */
export interface PriceCeiling {
  /** In force, in wei of coin a record: lambdaMax of the pricing game. */
  readonly ceiling: bigint;
  /** When it last moved or first sold, in seconds since 1970: `demand` counts from there; 0 before. */
  readonly since: number;
  /** Records in the orders that were released since then. */
  readonly demand: number;
}

/** The ceiling of a dataset's price, and the demand that moves it. @throws what the node throws. */
export async function ceilingOf(
  market: DataMarket,
  { dataset, lambdaMin, lambdaMax }: PriceBounds & { readonly dataset: number },
): Promise<PriceCeiling> {
  const { lambda, since, demand } = await market.ceilingOf(dataset);
  const most = lambda === 0n || lambda > lambdaMax ? lambdaMax : lambda;
  return { ceiling: most < lambdaMin ? lambdaMin : most, since: Number(since), demand: Number(demand) };
}
