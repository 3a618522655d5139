import { type Demand, demandAt, type PricingTerms, WAD } from "./pricing.js";
import { ceilDiv, lnWad } from "./pricingMath.js";

/**
 * What `d` records cost at a price, rounded up.
 *
 * @param lambda in WAD of coin for a record.
 * @param d in WAD of records.
 * @returns WAD of coin.
 */
export function paymentOf(lambda: bigint, d: bigint): bigint {
  return ceilDiv(lambda * d, WAD);
}

/**
 * What the provider earns at a price, eq. (1): the payment less the cost of what is sold; negative below gamma.
 *
 * @param lambda in WAD of coin, at least 1; the terms' bounds do not matter.
 * @returns WAD of coin.
 */
export function profitOf(terms: PricingTerms, lambda: bigint): bigint {
  const d = demandAt(terms, lambda);
  return paymentOf(lambda, d) - paymentOf(terms.gamma, d);
}

/**
 * What the consumer gains at a price, eq. (3): satisfaction less payment.
 *
 * @param lambda in WAD of coin, at least 1.
 * @returns WAD of coin.
 */
export function utilityOf(terms: Demand, lambda: bigint): bigint {
  const d = demandAt(terms, lambda);
  return satisfactionOf(terms, d) - paymentOf(lambda, d);
}

/**
 * What both gain at a price, problem C's sum for the two: the payment cancels, so it is exactly profit plus utility.
 *
 * @param lambda in WAD of coin, at least 1; the terms' bounds do not matter.
 * @returns WAD of coin.
 */
export function welfareOf(terms: PricingTerms, lambda: bigint): bigint {
  const d = demandAt(terms, lambda);
  return satisfactionOf(terms, d) - paymentOf(terms.gamma, d);
}

/** The best for provider and consumer together: the price gamma, whatever the bounds, and what they then gain, in WAD. */
export function firstBest(terms: PricingTerms): {
  readonly lambda: bigint;
  readonly d: bigint;
  readonly welfare: bigint;
} {
  const lambda = terms.gamma;
  return { lambda, d: demandAt(terms, lambda), welfare: welfareOf(terms, lambda) };
}

/**
 * What an amount is worth to the consumer, eq. (2): `alpha ln(d - dMin + c)`.
 *
 * @param d in WAD of records, at least dMin.
 * @returns WAD of coin.
 * @throws {LogarithmUndefined} if d - dMin + c is not positive.
 */
export function satisfactionOf({ alpha, c, dMin }: Demand, d: bigint): bigint {
  return (alpha * lnWad(d - dMin + c)) / WAD;
}

/**
 * The greatest price at which the consumer gains at least `outsideUtility`: above it, staying out is better. The utility
 * falls as the price rises, so it is found by halving; it is as exact as the logarithm.
 *
 * @param outsideUtility what the consumer gains without a trade, in WAD of coin; 0 for nothing.
 * @returns WAD of coin; 0 if the consumer stays out at every price.
 */
export function reservationPrice(terms: Demand, outsideUtility: bigint): bigint {
  const joins = (price: bigint) => utilityOf(terms, price) >= outsideUtility;
  let above = 1n;
  while (joins(above)) above *= 2n;
  let below = above / 2n;
  while (above - below > 1n) {
    const middle = (above + below) / 2n;
    if (joins(middle)) below = middle;
    else above = middle;
  }
  return below;
}
