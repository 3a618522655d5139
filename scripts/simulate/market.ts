import { equilibrium, type PricingTerms, WAD, withMaxPrice, withSupply } from "../../src/market/pricing.js";
import { NoTrade, SupplyInsufficient } from "../../src/market/pricingErrors.js";
import { ceilDiv } from "../../src/market/pricingMath.js";
import { expectedOf, moved, stepOf } from "./period.js";

/** An institution with one dataset. */
export interface Institution {
  readonly name: string;
  /** Records on sale. */
  readonly records: bigint;
  /** The first period in which it sells. */
  readonly joins: number;
  /** The first period in which it does not any more. */
  readonly leaves: number;
}

/** A consumer of the market: it says how much it needs at least and what it pays at most, in WAD. */
export interface Customer {
  readonly dMin: bigint;
  readonly maxPrice: bigint;
  /** From whom it orders in a period: the owner of the record with this number, counted modulo all that are on sale. */
  readonly needs: (period: number) => bigint;
}

/** What does not change from period to period. Prices, alpha and c in WAD, k and turnover in basis points. */
export interface MarketSetting {
  readonly periods: number;
  readonly institutions: readonly Institution[];
  readonly customers: readonly Customer[];
  readonly gamma: bigint;
  readonly lambdaMin: bigint;
  readonly lambdaMax: bigint;
  /** Ceiling of a dataset that joins. */
  readonly ceiling: bigint;
  readonly alpha: Published;
  readonly c: Published;
  readonly reactivity: bigint;
  readonly turnover: bigint;
}

/** A published number's first value, and between what it moves. */
export interface Published {
  readonly first: bigint;
  readonly least: bigint;
  readonly most: bigint;
}

/** A dataset in one period. */
export interface DatasetPeriod {
  readonly institution: string;
  readonly ceiling: bigint;
  /** Whole records ordered. */
  readonly demand: bigint;
  /** Whole records expected. */
  readonly target: bigint;
  readonly orders: number;
}

/** The market in one period. */
export interface Period {
  readonly period: number;
  readonly alpha: bigint;
  readonly c: bigint;
  /** Records on sale. */
  readonly supply: bigint;
  readonly demand: bigint;
  readonly orders: number;
  /** What all orders cost, in WAD. */
  readonly payments: bigint;
  readonly datasets: readonly DatasetPeriod[];
}

interface Order {
  readonly institution: string;
  readonly amount: bigint;
  readonly price: bigint;
}

interface State {
  readonly alpha: bigint;
  readonly c: bigint;
  readonly ceilings: ReadonlyMap<string, bigint>;
}

/**
 * Plays the market: in each period every customer orders once, if the price allows it, from an institution drawn by its part
 * of the records on sale; then ceilings and published numbers move by the demand, by the rule of `contracts/market/Periods.sol`.
 */
export function playMarket(setting: MarketSetting): Period[] {
  let state: State = { alpha: setting.alpha.first, c: setting.c.first, ceilings: new Map() };
  return Array.from({ length: setting.periods }, (_, index) => {
    const period = playPeriod(setting, index + 1, state);
    state = nextState(setting, period);
    return period;
  });
}

function playPeriod(setting: MarketSetting, period: number, { alpha, c, ceilings }: State): Period {
  const selling = setting.institutions.filter(({ joins, leaves }) => joins <= period && period < leaves);
  const ceilingOf = (name: string) => ceilings.get(name) ?? setting.ceiling;
  const supply = selling.reduce((sum, { records }) => sum + records, 0n);
  const orders = setting.customers
    .map((customer) => {
      const seller = ownerOf(customer.needs(period) % supply, selling);
      return quote(setting, seller, ceilingOf(seller.name), { alpha, c }, customer);
    })
    .filter((order) => order !== undefined);
  const datasets = selling.map(({ name, records }) => {
    const own = orders.filter(({ institution }) => institution === name);
    const target = expectedOf(records, setting.turnover);
    return { institution: name, ceiling: ceilingOf(name), demand: amountOf(own), target, orders: own.length };
  });
  const payments = orders.reduce((sum, { amount, price }) => sum + amount * price, 0n);
  return { period, alpha, c, supply, demand: amountOf(orders), orders: orders.length, payments, datasets };
}

function ownerOf(record: bigint, [first, ...others]: readonly Institution[]): Institution {
  if (first === undefined) throw new Error("Nobody sells.");
  return record < first.records ? first : ownerOf(record - first.records, others);
}

/** What an order would be, as the contract computes it; none if there is no trade. */
function quote(
  { gamma, lambdaMin }: MarketSetting,
  { name, records }: Institution,
  ceiling: bigint,
  numbers: { readonly alpha: bigint; readonly c: bigint },
  { dMin, maxPrice }: Customer,
): Order | undefined {
  const terms: PricingTerms = { ...numbers, dMin, gamma, lambdaMin, lambdaMax: ceiling };
  try {
    const { lambda, d } = equilibrium(withSupply(withMaxPrice(terms, maxPrice), records * WAD));
    return { institution: name, amount: ceilDiv(d, WAD), price: lambda };
  } catch (error) {
    if (error instanceof NoTrade || error instanceof SupplyInsufficient) return undefined;
    throw error;
  }
}

function amountOf(orders: readonly Order[]): bigint {
  return orders.reduce((sum, { amount }) => sum + amount, 0n);
}

function nextState(setting: MarketSetting, { alpha, c, supply, demand, orders, datasets }: Period): State {
  const { reactivity, turnover, lambdaMin, lambdaMax } = setting;
  const ceilings = new Map(
    datasets.map((dataset) => {
      const step = stepOf(dataset.demand, dataset.target, reactivity);
      return [dataset.institution, moved(dataset.ceiling, step, lambdaMin, lambdaMax)];
    }),
  );
  if (orders === 0) return { alpha, c, ceilings };
  const step = stepOf(demand, expectedOf(supply, turnover), reactivity);
  return {
    alpha: moved(alpha, step, setting.alpha.least, setting.alpha.most),
    c: moved(c, -step, setting.c.least, setting.c.most),
    ceilings,
  };
}
