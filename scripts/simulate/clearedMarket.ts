import { solveClearing, supplyOf, welfareOfClearing } from "../../src/market/clearing.js";
import { BID_UNIT, type Bid } from "../../src/market/clearingBid.js";
import type { Offer } from "../../src/market/clearingOffer.js";
import { reservationPrice, utilityOf } from "../../src/market/pricingGains.js";
import type { Draw } from "../fixtures/draw.js";
import { drawConsumers, TABLE_TWO, termsOf } from "./consumers.js";
import { COUNT } from "./figures/consumers.js";
import { unitsOf, wad } from "./wad.js";

/** Providers with costs of their own, the cheapest at Table II's gamma. */
export const OFFERS: readonly Offer[] = [10, 12, 16, 22, 30, 40].map((cost, index) => ({
  dataset: index + 1,
  institution: index + 1,
  cost: wad(cost),
  capacity: 2500,
}));

/** The ten consumers of Table II as bids: nobody pays more than leaves a utility of 0. */
export function bidsOf(draw: Draw): Bid[] {
  return drawConsumers(draw, "consumers", COUNT, TABLE_TWO.ranges).map((consumer, index) => ({
    bidder: index + 1,
    alpha: wad(consumer.alpha),
    c: wad(consumer.c),
    dMin: consumer.dMin,
    maxPrice: inBidUnits(reservationPrice(termsOf(consumer), 0n)),
    isReturned: false,
  }));
}

/** The price that clears the market, and the welfare of the clearing, of the equilibrium, and of the best there can be. */
export function clearedMarket(draw: Draw) {
  const bids = bidsOf(draw);
  const cleared = solveClearing(bids, OFFERS);
  const sold = cleared.allocations.reduce((sum, { amount }) => sum + amount, 0);
  return {
    price: unitsOf(cleared.price),
    sold,
    supply: unitsOf(supplyOf(OFFERS, cleared.price)),
    served: cleared.allocations.filter(({ amount }) => amount > 0).length,
    welfare: welfareOfClearing(bids, OFFERS, cleared),
    best: upperBound(bids, cleared.price),
    equilibriumSold: bids.reduce((sum, { dMin }) => sum + dMin, 0),
    equilibriumWelfare: welfareOfClearing(bids, OFFERS, { allocations: leastAmounts(bids) }),
    leastUtility: Math.min(...bids.map((bid) => unitsOf(utilityAt(bid, cleared.price)))),
  };
}

/**
 * What no allocation exceeds: everybody takes what is best for it at this price, and every provider sells all that it gains
 * by (the dual of problem C).
 */
function upperBound(bids: readonly Bid[], price: bigint): number {
  const consumers = bids.reduce((sum, bid) => sum + Math.max(0, unitsOf(utilityAt(bid, price))), 0);
  const providers = OFFERS.reduce((sum, { cost, capacity }) => sum + Math.max(0, unitsOf(price - cost)) * capacity, 0);
  return consumers + providers;
}

/** What everybody gets at Table II's equilibrium: dMin, out of the cheapest offers. */
function leastAmounts(bids: readonly Bid[]) {
  const left = OFFERS.map(({ capacity }) => capacity);
  return bids.map(({ dMin }) => {
    let missing = dMin;
    const parts = left.map((available, offer) => {
      const amount = Math.min(available, missing);
      left[offer] = available - amount;
      missing -= amount;
      return { offer, amount };
    });
    return { amount: dMin, payment: 0n, parts };
  });
}

function utilityAt({ alpha, c, dMin }: Bid, price: bigint): bigint {
  return utilityOf({ alpha, c, dMin: wad(dMin) }, price);
}

function inBidUnits(price: bigint): bigint {
  return price - (price % BID_UNIT);
}
