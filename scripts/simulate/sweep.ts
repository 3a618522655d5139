import { demandAt, type PricingTerms, WAD } from "../../src/market/pricing.js";
import { profitOf, utilityOf, welfareOf } from "../../src/market/pricingGains.js";
import { lnWad } from "../../src/market/pricingMath.js";
import { unitsOf, wad } from "./wad.js";

/** What provider and consumer have at a price; `...Eq10` with the paper's eq. (10), which lets the demand fall below dMin. */
export interface AtPrice {
  readonly price: number;
  readonly demand: number;
  readonly demandEq10: number;
  readonly profit: number;
  readonly utility: number;
  readonly welfare: number;
  readonly profitEq10: number;
  readonly utilityEq10: number;
}

/** Numbers from `first` to `last`, both included. */
export function steps(first: number, last: number, step: number): number[] {
  return Array.from({ length: Math.floor((last - first) / step + 1.5) }, (_, index) => first + index * step);
}

/** The game at each of these prices, in coin per record. */
export function sweep(terms: PricingTerms, prices: readonly number[]): AtPrice[] {
  return prices.map((price) => atPrice(terms, price));
}

/** The game at one price. */
export function atPrice(terms: PricingTerms, price: number): AtPrice {
  const lambda = wad(price);
  return {
    price,
    demand: unitsOf(demandAt(terms, lambda)),
    profit: unitsOf(profitOf(terms, lambda)),
    utility: unitsOf(utilityOf(terms, lambda)),
    welfare: unitsOf(welfareOf(terms, lambda)),
    ...asPrinted(terms, lambda),
  };
}

/** Eq. (10), and with it eq. (11) and (3). */
function asPrinted({ alpha, c, dMin, gamma }: PricingTerms, lambda: bigint) {
  const demand = (alpha * WAD) / lambda + dMin - c;
  const satisfaction = (alpha * lnWad((alpha * WAD) / lambda)) / WAD;
  return {
    demandEq10: unitsOf(demand),
    profitEq10: unitsOf(((lambda - gamma) * demand) / WAD),
    utilityEq10: unitsOf(satisfaction - (lambda * demand) / WAD),
  };
}
