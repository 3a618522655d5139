import { expect } from "chai";
import fc from "fast-check";
import { algorithmOne, algorithmOneAsMeant } from "../../../scripts/simulate/algorithmOne.js";
import { CASES, termsOf } from "../../../scripts/simulate/consumers.js";
import { wad } from "../../../scripts/simulate/wad.js";
import { equilibrium } from "../../../src/market/pricing.js";
import { profitOf } from "../../../src/market/pricingGains.js";

describe("Algorithm 1", () => {
  it("to the letter, sends a consumer away whose dMin is below c", () => {
    expect(algorithmOne(termsOf(CASES.C))).to.deep.equal({ lambda: 0n, d: 0n, profit: 0n, looked: 0 });
  });

  it("to the letter, looks at the highest price alone otherwise", () => {
    expect(algorithmOne(termsOf(CASES.A))).to.deep.equal({
      lambda: wad(1000),
      d: wad(60.5),
      profit: wad(59_895),
      looked: 1,
    });
  });

  it("as it seems to be meant, looks at every price and takes the best with the demand of eq. (10)", () => {
    const answer = algorithmOneAsMeant(termsOf(CASES.C));
    expect(answer).to.deep.equal({ lambda: wad(32), d: wad(228.125), profit: wad(5018.75), looked: 991 });
  });

  it("as it seems to be meant, never finds a price that earns more than the closed form", () => {
    const consumer = fc.record({
      alpha: fc.integer({ min: 10_001, max: 11_000 }),
      c: fc.integer({ min: 101, max: 1000 }),
      dMin: fc.integer({ min: 200, max: 2000 }),
    });
    const ceiling = fc.integer({ min: 10, max: 1000 });
    fc.assert(
      fc.property(consumer, ceiling, (one, lambdaMax) => {
        const terms = termsOf(one, { lambdaMax });
        const { lambda } = algorithmOneAsMeant(terms);
        expect(profitOf(terms, equilibrium(terms).lambda) >= profitOf(terms, lambda)).to.equal(true);
      }),
      { numRuns: 50 },
    );
  });
});
