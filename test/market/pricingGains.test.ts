import { expect } from "chai";
import fc from "fast-check";
import { demandAt, equilibrium, WAD } from "../../src/market/pricing.js";
import { LogarithmUndefined } from "../../src/market/pricingErrors.js";
import {
  firstBest,
  paymentOf,
  profitOf,
  reservationPrice,
  satisfactionOf,
  utilityOf,
  welfareOf,
} from "../../src/market/pricingGains.js";
import { lnWad } from "../../src/market/pricingMath.js";
import { anyInput, game, inUnits, TABLE_TWO, vectors, wei } from "./pricingTerms.js";

describe("market/pricingGains: the exact vectors", () => {
  // What a wei more or less of price, amount or logarithm changes, and a wei for each of up to three roundings.
  for (const { id, tag, inputs, outputs, extra } of vectors) {
    it(`${id}: ${tag}`, () => {
      const { lambda, d, regime } = equilibrium(inputs);
      const { alpha, gamma } = inputs;
      const logarithm = (2n * alpha) / WAD;
      if (regime === outputs.regime) {
        expectNear(profitOf(inputs, lambda), outputs.rL, lambda / WAD + 3n);
        expectNear(utilityOf(inputs, lambda), outputs.rF, (lambda + d) / WAD + logarithm + 3n);
        expectNear(welfareOf(inputs, lambda), outputs.welfare, (lambda + d) / WAD + logarithm + 3n);
      }
      const best = firstBest(inputs);
      expect(best.lambda).to.equal(gamma);
      expectNear(best.d, outputs.firstBestD, 1n);
      expectNear(best.welfare, outputs.firstBestWelfare, gamma / WAD + logarithm + 3n);
      const reservation = reservationPrice(inputs, 0n);
      const taken = demandAt(inputs, reservation > 0n ? reservation : 1n);
      expectNear(reservation, extra.reservationPriceU0, ((logarithm + 3n) * WAD) / taken + 2n);
    });
  }
});

describe("market/pricingGains", () => {
  it("lets payments cancel: profit and utility add up to the welfare, to the wei", () => {
    fc.assert(
      fc.property(game, anyInput, (terms, lambda) => {
        expect(profitOf(terms, lambda) + utilityOf(terms, lambda)).to.equal(welfareOf(terms, lambda));
      }),
    );
  });

  it("has no price with a higher welfare than gamma, but for what the logarithm is off", () => {
    fc.assert(
      fc.property(game, anyInput, (terms, lambda) => {
        const slack = (2n * terms.alpha + terms.gamma) / WAD + 3n;
        expect(welfareOf(terms, lambda) <= firstBest(terms).welfare + slack).to.equal(true);
      }),
    );
  });

  it("shows where Theorem 1 fails: with Table II, the equilibrium has the lowest welfare in the range", () => {
    const { lambda } = equilibrium(TABLE_TWO);
    const prices = Array.from({ length: 991 }, (_, step) => BigInt(10 + step) * WAD);
    const welfares = prices.map((price) => welfareOf(TABLE_TWO, price));
    expect(welfares.every((welfare) => welfare >= welfareOf(TABLE_TWO, lambda))).to.equal(true);
    expect(welfares[0]).to.equal(firstBest(TABLE_TWO).welfare);
    expect(utilityOf(TABLE_TWO, lambda) < 0n).to.equal(true);
  });

  it("rounds a payment up", () => {
    expect([
      paymentOf(1n, 1n),
      paymentOf(0n, WAD),
      paymentOf(WAD + 1n, WAD),
      paymentOf(WAD + 1n, WAD + 1n),
    ]).to.deep.equal([1n, 0n, WAD + 1n, WAD + 3n]);
  });

  it("gives a loss below gamma, and nothing at it", () => {
    expect(profitOf(TABLE_TWO, 10n * WAD)).to.equal(0n);
    expect(profitOf(TABLE_TWO, 5n * WAD)).to.equal(-5n * 2_000n * WAD);
    expect(profitOf(TABLE_TWO, 1000n * WAD)).to.equal(198_000n * WAD);
  });

  it("has no satisfaction without an amount", () => {
    expect(() => satisfactionOf({ ...TABLE_TWO, c: 0n }, TABLE_TWO.dMin))
      .to.throw(LogarithmUndefined)
      .that.includes({ x: 0n });
    expect(() => satisfactionOf(TABLE_TWO, -100n * WAD))
      .to.throw(LogarithmUndefined)
      .that.includes({ x: 0n });
    expect(() => lnWad(-1n)).to.throw(LogarithmUndefined);
  });
});

describe("market/pricingGains: reservationPrice", () => {
  it("is the last price at which the consumer gains enough", () => {
    fc.assert(
      fc.property(game, fc.bigInt(-(2n ** 130n), 2n ** 130n), (terms, outside) => {
        const price = reservationPrice(terms, outside);
        if (price > 0n) expect(utilityOf(terms, price) >= outside).to.equal(true);
        expect(utilityOf(terms, price + 1n) < outside).to.equal(true);
      }),
      { numRuns: 50 },
    );
  });

  it("is 0 for a consumer to whom nothing is worth anything", () => {
    expect(reservationPrice({ ...TABLE_TWO, alpha: 0n }, 0n)).to.equal(0n);
  });

  it("is below the equilibrium's price with Table II: that consumer stays out", () => {
    const terms = inUnits({ alpha: 10_500, c: 150, dMin: 200, gamma: 10, lambdaMin: 10, lambdaMax: 1_000 });
    const price = reservationPrice(terms, 0n);
    expect(price / WAD).to.equal(263n);
    expect(price < equilibrium(terms).lambda).to.equal(true);
  });
});

describe("market/pricingMath: lnWad", () => {
  it("is the natural logarithm", () => {
    expect([lnWad(WAD), lnWad(2n * WAD), lnWad(1n)]).to.deep.equal([
      0n,
      693_147_180_559_945_309n,
      -41_446_531_673_892_822_313n,
    ]);
  });
});

function expectNear(found: bigint, exact: string, tolerance: bigint): void {
  const off = found - wei(exact);
  if (off > tolerance || off < -tolerance) expect.fail(`${found} is ${off} off ${exact}; ${tolerance} is allowed`);
}
