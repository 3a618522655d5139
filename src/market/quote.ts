import { type DataMarket, DatasetRegistry__factory } from "../../types/ethers-contracts/index.js";
import type { RoleCode } from "../accounts/role.js";
import { ChainError, withChainErrors } from "../chainError.js";
import { providerOf } from "../provider.js";
import { regimeName } from "./chainEquilibrium.js";
import type { Regime } from "./pricing.js";

/** The highest price that a record can have, in wei of coin. */
export const HIGHEST_PRICE = 2n ** 80n - 1n;

/** What a consumer wants of a dataset. */
export interface Wish {
  readonly dataset: number;
  /** The least amount (dMin in eq. (2)), in records, 1 to 16,777,215. */
  readonly dMin: number;
  /** The highest price of a record that the consumer takes, in wei of coin; any by default. */
  readonly maxPrice?: bigint;
}

/** What an order would cost at one block. */
export interface MarketQuote extends Required<Wish> {
  /** The version of the dataset that it is for. */
  readonly version: number;
  /** Of a record, in wei of coin. */
  readonly price: bigint;
  /** Records: the demand at that price, rounded up. */
  readonly amount: number;
  /** `price * amount`, in wei of coin. */
  readonly payment: bigint;
  /** Which part of the equilibrium it is. */
  readonly regime: Regime;
}

/**
 * What an order costs now, with the numbers that the market publishes for a role.
 *
 * @param role the consumer's.
 * @throws {ChainError} `DatasetNotOnSale`, `NumbersNotPublished`, `NoTrade`, `SupplyInsufficient` or `Pricing..`; {@link RegimeUnknown};
 * {@link ProviderMissing}; what the node throws.
 */
export function quoteFor(market: DataMarket, wish: Wish, role: RoleCode): Promise<MarketQuote> {
  return quoteAt(market, wish, ({ dataset, dMin, maxPrice }, blockTag) =>
    market.quote(dataset, role, dMin, maxPrice, { blockTag }),
  );
}

/**
 * What an order would cost now, with the consumer's own numbers; orders count with the published ones.
 *
 * @param numbers alpha in WAD of coin, c in WAD of records above 0: those of eq. (2).
 * @throws as {@link quoteFor}.
 */
export function quoteWith(
  market: DataMarket,
  wish: Wish,
  { alpha, c }: { readonly alpha: bigint; readonly c: bigint },
): Promise<MarketQuote> {
  return quoteAt(market, wish, ({ dataset, dMin, maxPrice }, blockTag) =>
    market.quoteWith(dataset, alpha, c, dMin, maxPrice, { blockTag }),
  );
}

interface Quoted {
  readonly price: bigint;
  readonly amount: bigint;
  readonly payment: bigint;
  readonly regime: bigint;
}

/** Version and price are read at one block. */
async function quoteAt(
  market: DataMarket,
  { dataset, dMin, maxPrice = HIGHEST_PRICE }: Wish,
  ask: (wish: Required<Wish>, blockTag: number) => Promise<Quoted>,
): Promise<MarketQuote> {
  const wish = { dataset, dMin, maxPrice };
  const blockTag = await providerOf(market).getBlockNumber();
  const version = await versionOnSale(market, dataset, blockTag);
  const { price, amount, payment, regime } = await withChainErrors(() => ask(wish, blockTag));
  return { ...wish, version, price, amount: Number(amount), payment, regime: regimeName(regime) };
}

async function versionOnSale(market: DataMarket, dataset: number, blockTag: number): Promise<number> {
  const registry = DatasetRegistry__factory.connect(await market.datasetRegistry(), market.runner);
  const { open, records, version } = await registry.saleOf(dataset, { blockTag });
  if (!open || records === 0n) throw new ChainError("DatasetNotOnSale", { dataset });
  return Number(version);
}
