import { formatUnits } from "ethers";
import { type Demand, demandAt, WAD } from "./pricing.js";

/** What one unit of a value of a bid is on the chain, in wei or WAD. */
export const BID_UNIT = 10n ** 9n;

/** What a consumer bids. At a price p it takes `dMin + max(0, alpha / p - c)` records, and none above its maximum price. */
export interface BidTerms {
  /** How much the satisfaction with more records weighs, in wei of coin; a multiple of 1e9, below 2^64 * 1e9. */
  readonly alpha: bigint;
  /** What using the data costs, in records, WAD; a multiple of 1e9 from 1e9 to below 2^56 * 1e9. */
  readonly c: bigint;
  /** The least amount, in records; from 1 to 2^32 - 1. */
  readonly dMin: number;
  /** The price of a record above which the consumer takes none, in wei of coin; a multiple of 1e9 from 1e9 to below 2^80. */
  readonly maxPrice: bigint;
}

/** A bid in a round of the clearing. */
export interface Bid extends BidTerms {
  /** The bidder's professional number. */
  readonly bidder: number;
  /** Whether the escrow went back without a settlement. */
  readonly isReturned: boolean;
}

/** What {@link BidTerms} allows, in coin and records. */
const TAKEN: Readonly<Record<keyof BidTerms, string>> = {
  alpha: "a multiple of 1e-9 coins from 0 to 18446744073.709551615",
  c: "a multiple of 1e-9 records from 1e-9 to 72057594.037927935",
  dMin: "a whole number of records from 1 to 4294967295",
  maxPrice: "a multiple of 1e-9 coins from 1e-9 to 1208925.819614629",
};

/** A bid cannot be kept on the chain as it is. */
export class BidInvalid extends Error {
  override readonly name = "BidInvalid";

  constructor(field: keyof BidTerms, value: bigint | number) {
    const said = typeof value === "bigint" ? formatUnits(value, 18) : value;
    super(`The bid's ${field} is ${said}: give ${TAKEN[field]}.`);
  }
}

/**
 * The terms as `MarketClearing.bid` takes them.
 *
 * @throws {BidInvalid}
 */
export function bidTermsOnChain({ alpha, c, dMin, maxPrice }: BidTerms) {
  if (!Number.isInteger(dMin) || dMin < 1 || dMin >= 2 ** 32) throw new BidInvalid("dMin", dMin);
  if (maxPrice >= 1n << 80n) throw new BidInvalid("maxPrice", maxPrice);
  return {
    alpha: inUnits("alpha", alpha, 0n, 64),
    c: inUnits("c", c, 1n, 56),
    dMin,
    maxPrice: inUnits("maxPrice", maxPrice, 1n, 64),
  };
}

/**
 * Reads one of the slots that `MarketClearing.bidsOf` returns.
 *
 * @param word bits 0-23 bidder | 24-87 alpha | 88-143 c | 144-175 dMin | 176-239 maxPrice | 240 returned.
 */
export function unpackBid(word: bigint): Bid {
  return {
    bidder: Number(BigInt.asUintN(24, word)),
    alpha: BigInt.asUintN(64, word >> 24n) * BID_UNIT,
    c: BigInt.asUintN(56, word >> 88n) * BID_UNIT,
    dMin: Number(BigInt.asUintN(32, word >> 144n)),
    maxPrice: BigInt.asUintN(64, word >> 176n) * BID_UNIT,
    isReturned: (word >> 240n) % 2n === 1n,
  };
}

/**
 * The most that a bid can cost at any price up to its maximum, which is taken with it: `p * dMin + max(0, alpha - c * p)` is
 * convex in p, so it is greatest at one of the ends.
 *
 * @returns wei of coin.
 */
export function escrowOf({ alpha, c, dMin, maxPrice }: BidTerms): bigint {
  const offset = (c * maxPrice) / WAD;
  const atMaximum = BigInt(dMin) * maxPrice + (alpha > offset ? alpha - offset : 0n);
  return alpha > atMaximum ? alpha : atMaximum;
}

/**
 * What a bid is for at a price that it takes, eq. (10) with d >= dMin.
 *
 * @param price in wei of coin a record, at least 1.
 * @returns WAD of records.
 */
export function bidDemandAt(bid: BidTerms, price: bigint): bigint {
  return demandAt(demandOfBid(bid), price);
}

function demandOfBid({ alpha, c, dMin }: BidTerms): Demand {
  return { alpha, c, dMin: BigInt(dMin) * WAD };
}

function inUnits(field: keyof BidTerms, value: bigint, least: bigint, bits: number): bigint {
  const units = value / BID_UNIT;
  if (value % BID_UNIT !== 0n || units < least || units >> BigInt(bits) !== 0n) throw new BidInvalid(field, value);
  return units;
}
