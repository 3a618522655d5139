import fc from "fast-check";
import { BID_UNIT, type Bid } from "../../src/market/clearingBid.js";
import type { Offer } from "../../src/market/clearingOffer.js";

/** In units of a bid: what is given in coins or records. */
const units = (value: number): bigint => BigInt(Math.round(value * 1e9)) * BID_UNIT;

/** A bid in coins and records, of the professional with this number. */
export function bidOf(fields: Partial<Record<"alpha" | "c" | "dMin" | "maxPrice" | "bidder", number>> = {}): Bid {
  const { alpha = 100, c = 10, dMin = 1, maxPrice = 5, bidder = 1 } = fields;
  return { bidder, alpha: units(alpha), c: units(c), dMin, maxPrice: units(maxPrice), isReturned: false };
}

/** An offer whose cost is in coins. */
export function offerOf(cost: number, capacity: number, fields: Partial<Offer> = {}): Offer {
  return { dataset: 1, institution: 1, cost: units(cost), capacity, ...fields };
}

/** The slot in which the chain keeps a bid. */
export function packBid({ bidder, alpha, c, dMin, maxPrice, isReturned }: Bid): bigint {
  return (
    BigInt(bidder) |
    ((alpha / BID_UNIT) << 24n) |
    ((c / BID_UNIT) << 88n) |
    (BigInt(dMin) << 144n) |
    ((maxPrice / BID_UNIT) << 176n) |
    (BigInt(isReturned) << 240n)
  );
}

/** The slot in which the chain keeps an offer. */
export function packOffer({ dataset, institution, cost, capacity }: Offer): bigint {
  return BigInt(dataset) | (cost << 32n) | (BigInt(institution) << 112n) | (BigInt(capacity) << 128n);
}

const upTo = (bits: bigint) => fc.bigInt({ min: 1n, max: (1n << bits) - 1n }).map((value) => value * BID_UNIT);
/** Mostly few different prices, so that many are equal; sometimes one wei, sometimes any. */
const price = fc.oneof(
  fc.constantFrom(...[1, 2, 3].map(units)),
  fc.bigInt({ min: 1n, max: 5n * 10n ** 9n }).map((value) => value * BID_UNIT),
);

const anyBid: fc.Arbitrary<Bid> = fc.record({
  bidder: fc.integer({ min: 1, max: 2 ** 24 - 1 }),
  alpha: fc.oneof(fc.constant(0n), fc.integer({ min: 0, max: 300 }).map(units), upTo(64n)),
  c: fc.oneof(fc.constant(BID_UNIT), fc.integer({ min: 1, max: 50 }).map(units), upTo(56n)),
  dMin: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 2 ** 32 - 1 })),
  maxPrice: fc.oneof({ arbitrary: price, weight: 6 }, { arbitrary: upTo(50n), weight: 1 }),
  isReturned: fc.constant(false),
});

const anyOffer: fc.Arbitrary<Offer> = fc.record({
  dataset: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  institution: fc.integer({ min: 1, max: 2 ** 16 - 1 }),
  cost: fc.oneof(price, fc.constantFrom(1n, units(1) - 1n, units(1) + 1n, (1n << 80n) - 1n)),
  capacity: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 2 ** 24 - 1 })),
});

/** The bids and offers of a round, with much that is equal and much that does not fit. */
export const anyRound = fc.record({
  bids: fc.array(anyBid, { maxLength: 8 }),
  offers: fc.array(anyOffer, { maxLength: 5 }),
});
