import {
  NoTrade,
  PricingAlphaInvalid,
  PricingCeilingInvalid,
  PricingCostInvalid,
  PricingDemandInvalid,
  PricingFloorInvalid,
  PricingGammaInvalid,
  PricingInputTooLarge,
  SupplyInsufficient,
} from "./pricingErrors.js";
import { ceilDiv, sqrtUp } from "./pricingMath.js";

/** One, in the fixed point of the pricing game. */
export const WAD = 10n ** 18n;

/** The largest input of the pricing game. */
export const PRICING_LIMIT = 2n ** 120n - 1n;

/** What a consumer wants, in WAD. */
export interface Demand {
  /** How much its satisfaction weighs, in coin; from 0 to 2^120 - 1. */
  readonly alpha: bigint;
  /** What using the data costs it, in records; from 1 to 2^120 - 1. */
  readonly c: bigint;
  /** The least amount it takes, in records; from 1 to 2^120 - 1. */
  readonly dMin: bigint;
}

/** What the game between a provider and one consumer is played over, in WAD: `PricingTerms` of the contract. */
export interface PricingTerms extends Demand {
  /** What providing a record costs, in coin; from 1 to 2^120 - 1. */
  readonly gamma: bigint;
  /** The least price of a record, in coin; from gamma to 2^120 - 1. */
  readonly lambdaMin: bigint;
  /** The greatest price of a record, in coin; from lambdaMin to 2^120 - 1. */
  readonly lambdaMax: bigint;
}

/**
 * Where the equilibrium lies: at the price of eq. (15) between the bounds, at the least price, or at the greatest, there
 * with the consumer taking more than the least amount (slack) or only that (binding).
 */
export type Regime = "INT" | "MIN" | "MAX_SLACK" | "MAX_BIND";

/** The contract's `Regime`, by number. */
export const REGIMES: readonly Regime[] = ["INT", "MIN", "MAX_SLACK", "MAX_BIND"];

/** A price, in WAD of coin for a record, and the amount that the consumer takes at it, in WAD of records. */
export interface Equilibrium {
  readonly lambda: bigint;
  readonly d: bigint;
  readonly regime: Regime;
}

/**
 * The price that earns the provider most, and the amount that the consumer takes at it. `StackelbergPricing.equilibrium`
 * computes the same, bit for bit, and says why there are two candidates. Of two that earn the same, the lower wins.
 *
 * @throws {PricingInputTooLarge | PricingAlphaInvalid | PricingCostInvalid | PricingDemandInvalid | PricingGammaInvalid |
 * PricingFloorInvalid | PricingCeilingInvalid} if the terms are no game.
 */
export function equilibrium(terms: PricingTerms): Equilibrium {
  checkTerms(terms);
  const earned = (price: bigint) => (price - terms.gamma) * demandAt(terms, price);
  const inside = candidate(terms);
  const lambda = earned(inside) >= earned(terms.lambdaMax) ? inside : terms.lambdaMax;
  const d = demandAt(terms, lambda);
  return { lambda, d, regime: regimeOf(terms, lambda, d) };
}

/**
 * The terms for a consumer who pays at most `maxPrice` for a record. Apply it before `withSupply`.
 *
 * @param maxPrice in WAD of coin, of any size.
 * @throws {NoTrade} if that is below the least price.
 */
export function withMaxPrice(terms: PricingTerms, maxPrice: bigint): PricingTerms {
  if (maxPrice < terms.lambdaMin) throw new NoTrade(maxPrice, terms.lambdaMin);
  return maxPrice < terms.lambdaMax ? { ...terms, lambdaMax: maxPrice } : terms;
}

/**
 * The terms of a provider that has only `supply` records: at no price in their bounds does the consumer take more.
 *
 * @param supply in WAD of records, at most 2^120 - 1.
 * @throws {SupplyInsufficient} if the consumer takes more than that at every price.
 * @throws what `equilibrium` throws.
 */
export function withSupply(terms: PricingTerms, supply: bigint): PricingTerms {
  checkTerms(terms);
  if (supply > PRICING_LIMIT) throw new PricingInputTooLarge(supply, PRICING_LIMIT);
  const { alpha, c, dMin, lambdaMin, lambdaMax } = terms;
  const needed = dMin + positive(ceilDiv(alpha * WAD, lambdaMax) - c);
  if (supply < dMin) throw new SupplyInsufficient(supply, needed);

  const bound = ceilDiv(alpha * WAD, supply - dMin + c);
  if (bound > lambdaMax) throw new SupplyInsufficient(supply, needed);
  return bound > lambdaMin ? { ...terms, lambdaMin: bound } : terms;
}

/**
 * What the consumer takes at a price, eq. (10) with d >= dMin: `dMin + max(0, alpha / lambda - c)`, rounded down.
 *
 * @param lambda in WAD of coin, at least 1.
 * @returns WAD of records.
 */
export function demandAt({ alpha, c, dMin }: Demand, lambda: bigint): bigint {
  return dMin + positive((alpha * WAD) / lambda - c);
}

/**
 * Refuses terms that are no game, as the contract does.
 *
 * @throws what `equilibrium` throws.
 */
export function checkTerms({ alpha, c, dMin, gamma, lambdaMin, lambdaMax }: PricingTerms): void {
  for (const value of [alpha, c, dMin, gamma, lambdaMin, lambdaMax]) {
    if (value > PRICING_LIMIT) throw new PricingInputTooLarge(value, PRICING_LIMIT);
  }
  if (alpha < 0n) throw new PricingAlphaInvalid(alpha);
  if (c <= 0n) throw new PricingCostInvalid(c);
  if (dMin <= 0n) throw new PricingDemandInvalid(dMin);
  if (gamma <= 0n) throw new PricingGammaInvalid(gamma);
  if (lambdaMin < gamma) throw new PricingFloorInvalid(lambdaMin, gamma);
  if (lambdaMax < lambdaMin) throw new PricingCeilingInvalid(lambdaMax, lambdaMin);
}

/** Eq. (15)'s price rounded up, between the bounds; the greatest price where the profit only rises. */
function candidate({ alpha, c, dMin, gamma, lambdaMin, lambdaMax }: PricingTerms): bigint {
  if (dMin >= c || alpha === 0n) return lambdaMax;
  const root = sqrtUp(ceilDiv(gamma * alpha * WAD, c - dMin));
  if (root < lambdaMin) return lambdaMin;
  return root < lambdaMax ? root : lambdaMax;
}

function regimeOf({ dMin, lambdaMin, lambdaMax }: PricingTerms, lambda: bigint, d: bigint): Regime {
  if (lambda === lambdaMax) return d > dMin ? "MAX_SLACK" : "MAX_BIND";
  return lambda === lambdaMin ? "MIN" : "INT";
}

function positive(value: bigint): bigint {
  return value > 0n ? value : 0n;
}
