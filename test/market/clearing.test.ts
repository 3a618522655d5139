import { expect } from "chai";
import fc from "fast-check";
import {
  type Allocation,
  isAdmitted,
  isServable,
  solveClearing,
  welfareOfClearing,
} from "../../src/market/clearing.js";
import { type Bid, BidInvalid, bidTermsOnChain, escrowOf } from "../../src/market/clearingBid.js";
import type { Offer } from "../../src/market/clearingOffer.js";
import { WAD } from "../../src/market/pricing.js";
import { anyRound, bidOf, offerOf } from "./clearingBids.js";

const coin = WAD;

const amountsOf = (allocations: readonly Allocation[]) => allocations.map(({ amount }) => amount);

describe("solveClearing", () => {
  it("finds the price at which demand meets supply", () => {
    // 100 / p - 10 + 1 from each is 50 together at p = 100 / 34.
    const bids = [bidOf(), bidOf()];
    const { price, cut, allocations } = solveClearing(bids, [offerOf(1, 50)]);
    expect(price).to.equal((100n * coin) / 34n + 1n);
    expect(cut).to.equal(2);
    expect(amountsOf(allocations)).to.deep.equal([24, 24]);
    expect(allocations.map(({ payment }) => payment)).to.deep.equal([price * 24n, price * 24n]);
  });

  it("sells at the cost of the provider who does not sell all", () => {
    const { price, allocations } = solveClearing([bidOf()], [offerOf(2, 100), offerOf(1, 5), offerOf(3, 100)]);
    expect(price).to.equal(2n * coin);
    expect(allocations).to.deep.equal([
      {
        amount: 41,
        payment: 82n * coin,
        parts: [
          { offer: 1, amount: 5 },
          { offer: 0, amount: 36 },
        ],
      },
    ]);
  });

  it("lets the lowest maximum prices stay out when the minima do not fit, of equal ones the last", () => {
    const minimum = (maxPrice: number) => bidOf({ alpha: 0, dMin: 2, maxPrice });
    const bids = [minimum(3), minimum(2), minimum(3), minimum(3), minimum(4)];
    const clearing = solveClearing(bids, [offerOf(1, 6)]);
    expect([clearing.price, clearing.cut]).to.deep.equal([3n * coin, 3]);
    expect(amountsOf(clearing.allocations)).to.deep.equal([2, 0, 2, 0, 2]);
  });

  it("leaves out who cannot be served even alone, as if it had not bid", () => {
    const bids = [
      bidOf({ alpha: 0, dMin: 51, maxPrice: 1_000 }),
      bidOf({ alpha: 0, maxPrice: 0.5 }),
      bidOf({ alpha: 0, dMin: 9, maxPrice: 2 }),
      bidOf({ alpha: 1_000, maxPrice: 10 }),
    ];
    // The last offer is above all maximum prices but one, whose bid is for more than the two that are left.
    const clearing = solveClearing(bids, [offerOf(1, 10), offerOf(1.5, 40), offerOf(1_001, 1_000)]);
    expect(clearing.price).to.equal(coin);
    expect(amountsOf(clearing.allocations)).to.deep.equal([0, 0, 9, 0]);
  });

  it("serves somebody wherever somebody can be served", () => {
    fc.assert(
      fc.property(anyRound, ({ bids, offers }) => {
        const { allocations } = solveClearing(bids, offers);
        const served = allocations.some(({ amount }) => amount > 0);
        expect(served).to.equal(bids.some((bid) => isServable(bid, offers)));
      }),
      { numRuns: 200 },
    );
  });

  it("has a state for a round without bids, offers or both", () => {
    expect(solveClearing([], [])).to.deep.equal({ price: 1n, cut: 0, merit: [], allocations: [] });
    expect(solveClearing([], [offerOf(1, 5)])).to.deep.include({ price: 1n, cut: 0, merit: [0] });
    const { price, cut, allocations } = solveClearing([bidOf({ maxPrice: 2 }), bidOf({ maxPrice: 3 })], []);
    expect([price, cut]).to.deep.equal([1n, 2]);
    expect(amountsOf(allocations)).to.deep.equal([0, 0]);
  });

  it("takes the offers in order of cost, equal ones as they came", () => {
    const { merit } = solveClearing([], [offerOf(2, 1), offerOf(1, 1), offerOf(2, 1), offerOf(1, 1)]);
    expect(merit).to.deep.equal([1, 3, 0, 2]);
  });

  it("sells no more than is offered at the price, pays no cost above it, and gives each bid its minimum or nothing", () => {
    fc.assert(
      fc.property(anyRound, ({ bids, offers }) => {
        const { price, cut, allocations } = solveClearing(bids, offers);
        const sold = offers.map(() => 0);
        for (const [at, { amount, payment, parts }] of allocations.entries()) {
          const bid = bids[at];
          if (bid === undefined) throw new Error(`There is no bid ${at}.`);
          const isIn = isServable(bid, offers) && isAdmitted(bid, at, price, cut);
          expect(isIn ? amount >= bid.dMin : amount === 0).to.equal(true);
          expect(price * BigInt(amount) === payment && payment <= escrowOf(bid)).to.equal(true);
          for (const part of parts) sold[part.offer] = (sold[part.offer] ?? 0) + part.amount;
        }
        for (const [at, { cost, capacity }] of offers.entries()) {
          expect(sold[at]).to.be.at.most(capacity);
          if (sold[at] !== 0) expect(cost <= price).to.equal(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("leaves no welfare but the rounding's: no whole allocation of all bids is better by more than a record each", () => {
    const bid = fc
      .record({
        alpha: fc.integer({ min: 1, max: 30 }),
        c: fc.integer({ min: 1, max: 5 }),
        dMin: fc.integer({ min: 1, max: 2 }),
      })
      .map((fields) => bidOf({ ...fields, maxPrice: 1_000 }));
    const offer = fc
      .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 5 }))
      .map(([cost, capacity]) => offerOf(cost, capacity));
    const round = fc.record({
      bids: fc.array(bid, { minLength: 1, maxLength: 3 }),
      offers: fc.array(offer, { minLength: 2, maxLength: 3 }),
    });
    fc.assert(
      fc.property(round, ({ bids, offers }) => {
        const clearing = solveClearing(bids, offers);
        // Where minima do not fit there is no allocation of all.
        fc.pre(clearing.allocations.every(({ amount }) => amount > 0));
        const best = bestWelfare(bids, offers);
        const found = welfareOfClearing(bids, offers, clearing);
        // A bid rounded down lacks less than one record, worth at most alpha ln((x + 1) / x) of it, x its amount less dMin, plus c.
        const slack = bids.reduce((sum, { alpha, c }, at) => {
          const x = (clearing.allocations[at]?.amount ?? 0) - (bids[at]?.dMin ?? 0) + Number(c / coin);
          return sum + Number(alpha / coin) * Math.log((x + 1) / x);
        }, 0);
        expect(found).to.be.at.most(best + 1e-9);
        expect(found).to.be.at.least(best - slack - 1e-9);
      }),
      { numRuns: 100 },
    );
  });
});

/** The greatest welfare of any whole amounts, at least the minima, served by the cheapest offers: by trying all. */
function bestWelfare(bids: readonly Bid[], offers: readonly Offer[]): number {
  const costs = offers
    .flatMap(({ cost, capacity }) => Array.from({ length: capacity }, () => Number(cost / coin)))
    .sort((a, b) => a - b);
  const [bid, ...others] = bids;
  const best = (rest: readonly Bid[], used: number): number => {
    const [first, ...left] = rest;
    if (first === undefined) return -costs.slice(0, used).reduce((sum, cost) => sum + cost, 0);
    let most = Number.NEGATIVE_INFINITY;
    for (let d = first.dMin; used + d <= costs.length; d++) {
      const satisfaction = Number(first.alpha / coin) * Math.log(d - first.dMin + Number(first.c / coin));
      most = Math.max(most, satisfaction + best(left, used + d));
    }
    return most;
  };
  return bid === undefined ? 0 : best([bid, ...others], 0);
}

describe("welfareOfClearing", () => {
  it("is the satisfaction of who is in, less the cost of what they get", () => {
    const bids = [bidOf(), bidOf({ maxPrice: 1 })];
    const offers = [offerOf(2, 100), offerOf(1, 5)];
    const welfare = welfareOfClearing(bids, offers, solveClearing(bids, offers));
    expect(Math.abs(welfare - (100 * Math.log(50) - 5 * 1 - 36 * 2))).to.be.at.most(1e-9);
  });

  it("is no number for the clearing of another round", () => {
    expect(welfareOfClearing([], [], solveClearing([bidOf()], [offerOf(1, 50)]))).to.be.NaN;
    expect(welfareOfClearing([bidOf()], [], solveClearing([bidOf()], [offerOf(1, 50)]))).to.be.NaN;
  });
});

describe("escrowOf", () => {
  it("is the cost at the maximum price or at a price near zero, whichever is greater", () => {
    // At 5 coins: 1 record and what 100 coins buy beyond c = 10 records.
    expect(escrowOf(bidOf())).to.equal(100n * coin);
    expect(escrowOf(bidOf({ dMin: 12 }))).to.equal(110n * coin);
    expect(escrowOf(bidOf({ dMin: 12, c: 30 }))).to.equal(100n * coin);
    expect(escrowOf(bidOf({ dMin: 30, c: 30 }))).to.equal(150n * coin);
    expect(escrowOf(bidOf({ alpha: 0, dMin: 2, maxPrice: 1.5 }))).to.equal(3n * coin);
  });
});

describe("bidTermsOnChain", () => {
  it("gives the units of the chain", () => {
    expect(bidTermsOnChain(bidOf())).to.deep.equal({
      alpha: 10n ** 11n,
      c: 10n ** 10n,
      dMin: 1,
      maxPrice: 5n * 10n ** 9n,
    });
  });

  it("refuses what the chain cannot keep", () => {
    const gwei = 10n ** 9n;
    for (const wrong of [
      { alpha: -gwei },
      { alpha: gwei + 1n },
      { alpha: gwei << 64n },
      { c: 0n },
      { c: gwei + 1n },
      { c: gwei << 56n },
      { dMin: 0 },
      { dMin: 1.5 },
      { dMin: 2 ** 32 },
      { maxPrice: 0n },
      { maxPrice: coin + 1n },
      { maxPrice: (1n << 80n) - ((1n << 80n) % gwei) + gwei },
    ]) {
      expect(() => bidTermsOnChain({ ...bidOf(), ...wrong }), JSON.stringify(Object.keys(wrong))).to.throw(
        BidInvalid,
        Object.keys(wrong)[0],
      );
    }
    const refusal = (wrong: object, message: string) =>
      expect(() => bidTermsOnChain({ ...bidOf(), ...wrong })).to.throw(BidInvalid, message);
    refusal(
      { alpha: coin + 1n },
      "The bid's alpha is 1.000000000000000001: give a multiple of 1e-9 coins from 0 to 18446744073.709551615.",
    );
    refusal({ dMin: 0 }, "The bid's dMin is 0: give a whole number of records from 1 to 4294967295.");
    const largest = { alpha: 18446744073709551615n * gwei, c: 72057594037927935n * gwei, dMin: 4294967295 };
    expect(() => bidTermsOnChain({ ...largest, maxPrice: 1208925819614629n * gwei })).not.to.throw();
    expect(() => bidTermsOnChain({ ...bidOf(), alpha: 0n, c: gwei, maxPrice: gwei })).not.to.throw();
  });
});
