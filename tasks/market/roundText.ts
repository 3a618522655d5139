import type { ClearingRound } from "../../src/market/clearingRound.js";
import { className, purposeNames } from "../arguments/names.js";
import { isoTime } from "../clock.js";
import { coins } from "../coin/amount.js";
import { units } from "./dataset.js";

/** A round, for people to read. */
export function roundText({ round, dataClass, purpose, biddingEnd, settleDeadline, price, settled }: ClearingRound) {
  return {
    round,
    class: className(dataClass),
    purpose: purposeNames(2 ** purpose).join(""),
    biddingUntil: isoTime(biddingEnd.getTime() / 1000),
    settledUntil: isoTime(settleDeadline.getTime() / 1000),
    price: price === undefined ? undefined : coins(price),
    settled,
  };
}

/** Its offers. */
export function offersText({ offers }: ClearingRound) {
  return offers.map(({ cost, ...offer }, index) => ({ offer: index, ...offer, cost: coins(cost) }));
}

/** Its bids. */
export function bidsText({ bids, settled }: ClearingRound) {
  return bids.map(({ bidder, alpha, c, dMin, maxPrice, isReturned }, index) => ({
    bid: index,
    bidder,
    alpha: coins(alpha),
    c: units(c),
    minAmount: dMin,
    maxPrice: coins(maxPrice),
    state: isReturned ? "returned" : index < settled ? "settled" : "waiting",
  }));
}
