import { type Bid, bidDemandAt } from "./clearingBid.js";
import type { Offer } from "./clearingOffer.js";
import { WAD } from "./pricing.js";

/** Records of one offer for one bid. */
export interface Part {
  /** The offer's number. */
  readonly offer: number;
  /** Records, at least 1. */
  readonly amount: number;
}

/** What a bid gets. */
export interface Allocation {
  /** Records; 0 for a bid that stays out. */
  readonly amount: number;
  /** In wei of coin. */
  readonly payment: bigint;
  /** Where the records come from, the cheapest offer first. */
  readonly parts: readonly Part[];
}

/** The clearing of a round: `Clearing.sol` says why there is exactly one. */
export interface Clearing {
  /** Of a record, in wei of coin, at least 1. */
  readonly price: bigint;
  /** Bids whose maximum price is the price itself are in if their number is below. */
  readonly cut: number;
  /** The numbers of the offers in order of cost, equal ones in order of number. */
  readonly merit: readonly number[];
  /** By the bids' numbers, from 0. */
  readonly allocations: readonly Allocation[];
}

/**
 * Solves the paper's problem C: the first state (price, cut) in which the bids that are in want no more than the offers
 * that are in have. Demand falls and supply rises along the states, so it is found by bisection, first over the price at
 * which only the bids above it are in, then over the cut: O((N + T) log(price)), exact to one wei.
 *
 * @param bids by number.
 * @param offers by number.
 */
export function solveClearing(bids: readonly Bid[], offers: readonly Offer[]): Clearing {
  const servable = bids.map((bid) => (isServable(bid, offers) ? bid : { ...bid, maxPrice: 0n }));
  const fits = (price: bigint, cut: number) => demandOf(servable, price, cut) <= supplyOf(offers, price);
  // At the highest maximum price nobody is above it.
  let highest = 1n;
  for (const { maxPrice } of servable) if (maxPrice > highest) highest = maxPrice;
  const price = leastFrom(1n, highest, (candidate) => fits(candidate, 0));
  const left = leastFrom(0n, BigInt(bids.length), (out) => fits(price, bids.length - Number(out)));
  const cut = bids.length - Number(left);
  const merit = meritOf(offers);
  return { price, cut, merit, allocations: allocate(servable, offers, price, cut, merit) };
}

/**
 * Whether a bid, alone and at its maximum price, is for no more than is offered. Others are in no state: they would only
 * raise the price until everybody else is out.
 */
export function isServable(bid: Bid, offers: readonly Offer[]): boolean {
  return bidDemandAt(bid, bid.maxPrice) <= supplyOf(offers, bid.maxPrice);
}

/**
 * What is wanted in a state.
 *
 * @param price in wei of coin a record, at least 1.
 * @returns WAD of records.
 */
export function demandOf(bids: readonly Bid[], price: bigint, cut: number): bigint {
  return bids.reduce((sum, bid, at) => (isAdmitted(bid, at, price, cut) ? sum + bidDemandAt(bid, price) : sum), 0n);
}

/**
 * What is offered at a price.
 *
 * @param price in wei of coin a record.
 * @returns WAD of records.
 */
export function supplyOf(offers: readonly Offer[], price: bigint): bigint {
  return offers.reduce((sum, { cost, capacity }) => (cost <= price ? sum + BigInt(capacity) * WAD : sum), 0n);
}

/** Whether the bid with the number `at`, if it is servable, is in. */
export function isAdmitted({ maxPrice }: Bid, at: number, price: bigint, cut: number): boolean {
  return maxPrice > price || (maxPrice === price && at < cut);
}

/**
 * What bidders and providers gain together by a clearing, problem C's sum: `alpha ln(d - dMin + c)` of the bids that are in,
 * less the cost of what they get. In floating point, to be shown and compared: no contract computes it.
 *
 * @returns coins; NaN if the clearing is of other bids and offers.
 */
export function welfareOfClearing(
  bids: readonly Bid[],
  offers: readonly Offer[],
  { allocations }: Pick<Clearing, "allocations">,
): number {
  return allocations.reduce((sum, { amount, parts }, at) => {
    const bid = bids[at];
    if (bid === undefined) return Number.NaN;
    const satisfaction = amount === 0 ? 0 : coins(bid.alpha) * Math.log(amount - bid.dMin + coins(bid.c));
    const cost = parts.reduce((total, part) => total + part.amount * coins(offers[part.offer]?.cost), 0);
    return sum + satisfaction - cost;
  }, 0);
}

/** The numbers of the offers in order of cost, equal ones in order of number. */
function meritOf(offers: readonly Offer[]): number[] {
  const numbered = offers.map(({ cost }, index) => ({ cost, index }));
  numbered.sort((a, b) => (a.cost === b.cost ? a.index - b.index : a.cost < b.cost ? -1 : 1));
  return numbered.map(({ index }) => index);
}

/** Whole records: what a bid wants, rounded down, out of the offers in order of cost. */
function allocate(
  bids: readonly Bid[],
  offers: readonly Offer[],
  price: bigint,
  cut: number,
  merit: readonly number[],
): Allocation[] {
  const left = merit.map((offer) => ({ offer, amount: offers[offer]?.capacity ?? 0 }));
  return bids.map((bid, at) => {
    const amount = isAdmitted(bid, at, price, cut) ? Number(bidDemandAt(bid, price) / WAD) : 0;
    return { amount, payment: price * BigInt(amount), parts: take(left, amount) };
  });
}

/** Takes `amount` from the front of what is left. */
function take(left: { readonly offer: number; amount: number }[], amount: number): Part[] {
  const parts: Part[] = [];
  let missing = amount;
  for (const source of left) {
    const taken = Math.min(missing, source.amount);
    if (taken > 0) parts.push({ offer: source.offer, amount: taken });
    source.amount -= taken;
    missing -= taken;
  }
  return parts;
}

/** The least number from `low` to `high` that holds; `high` does, and everything above the least does. */
function leastFrom(low: bigint, high: bigint, holds: (value: bigint) => boolean): bigint {
  while (low < high) {
    const middle = (low + high) >> 1n;
    if (holds(middle)) high = middle;
    else low = middle + 1n;
  }
  return low;
}

function coins(wei: bigint | undefined): number {
  return Number(wei) / Number(WAD);
}
