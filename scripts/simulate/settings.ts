import { type Equilibrium, equilibrium, type PricingTerms } from "../../src/market/pricing.js";
import { CASES, TABLE_TWO, termsOf } from "./consumers.js";
import { steps } from "./sweep.js";

/** One consumer's game, and the prices at which figures 5 and 6 show it. */
export interface Setting {
  readonly name: "table-ii" | "interior";
  readonly title: string;
  readonly subtitle: string;
  readonly terms: PricingTerms;
  readonly prices: readonly number[];
  /** The highest price, in coin. */
  readonly ceiling: number;
}

/** The ceiling below which case C's optimum is the price of eq. (15). */
export const LOW_CEILING = 35;

/** Table II as printed, with a consumer whose dMin is above c. */
export const tableTwo: Setting = {
  name: "table-ii",
  title: "Table II, dMin above c",
  subtitle: "alpha 10,500, c 150, dMin 200, gamma 10, price 10 to 1,000",
  terms: termsOf(CASES.A),
  prices: [...steps(10, 99, 1), ...steps(100, 1000, 10)],
  ceiling: TABLE_TWO.lambdaMax,
};

/** A consumer of Table II with dMin below c, at a ceiling that leaves the price of eq. (15) the best one. */
export const interior: Setting = {
  name: "interior",
  title: "dMin below c, low ceiling",
  subtitle: "alpha 10,500, c 300, dMin 200, gamma 10, price 10 to 35",
  terms: termsOf(CASES.C, { lambdaMax: LOW_CEILING }),
  prices: steps(10, 60, 0.5),
  ceiling: LOW_CEILING,
};

/** The equilibrium of a setting. */
export function solved({ terms }: Setting): Equilibrium {
  return equilibrium(terms);
}
