import { type PricingTerms, WAD } from "../../src/market/pricing.js";

/** What Algorithm 1 answers for one consumer; zeros if it records no price. */
export interface Answer {
  readonly lambda: bigint;
  readonly d: bigint;
  readonly profit: bigint;
  /** Prices that it looked at. */
  readonly looked: number;
}

const NONE: Answer = { lambda: 0n, d: 0n, profit: 0n, looked: 0 };

/** Algorithm 1 of the paper to the letter, for one consumer: lines 2 to 16, with prices one coin apart. */
export function algorithmOne(terms: PricingTerms): Answer {
  let best = NONE;
  for (let lambda = terms.lambdaMax; lambda >= terms.lambdaMin; lambda -= WAD) {
    if (terms.dMin < terms.c) return NONE;
    const offer = offerAt(terms, lambda, best.looked + 1);
    best = offer.profit >= best.profit ? offer : { ...best, looked: offer.looked };
    if (offer.profit <= best.profit) return best;
  }
  return best;
}

/** The loop as it seems to be meant: without lines 3 to 6 and 13 to 15, so that every price is looked at. */
export function algorithmOneAsMeant(terms: PricingTerms): Answer {
  let best = NONE;
  for (let lambda = terms.lambdaMax; lambda >= terms.lambdaMin; lambda -= WAD) {
    const offer = offerAt(terms, lambda, best.looked + 1);
    best = offer.profit >= best.profit ? offer : { ...best, looked: offer.looked };
  }
  return best;
}

/** Lines 7 and 9: the demand is that of eq. (10), whatever dMin is. */
function offerAt({ alpha, c, dMin, gamma }: PricingTerms, lambda: bigint, looked: number): Answer {
  const d = (alpha * WAD) / lambda + dMin - c;
  return { lambda, d, profit: ((lambda - gamma) * d) / WAD, looked };
}
