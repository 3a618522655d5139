import { expect } from "chai";
import fc from "fast-check";
import {
  type Demand,
  demandAt,
  equilibrium,
  PRICING_LIMIT,
  type PricingTerms,
  WAD,
  withMaxPrice,
  withSupply,
} from "../../src/market/pricing.js";
import {
  NoTrade,
  PricingAlphaInvalid,
  PricingCeilingInvalid,
  PricingCostInvalid,
  PricingDemandInvalid,
  PricingFloorInvalid,
  PricingGammaInvalid,
  PricingInputTooLarge,
  SupplyInsufficient,
} from "../../src/market/pricingErrors.js";
import { anyInput, game, inUnits, invalid, root, TABLE_TWO, vectors, wei } from "./pricingTerms.js";

describe("market/pricing: the exact vectors", () => {
  for (const { id, tag, inputs, outputs, extra } of vectors) {
    it(`${id}: ${tag}`, () => {
      const { lambda, d, regime } = equilibrium(inputs);
      const offBy = lambda - wei(outputs.lambda);
      const isTie = extra.tieMarginRel !== null && Number(extra.tieMarginRel) <= 1e-12 && extra.tieMarginRel !== "0";
      if (isTie && regime !== outputs.regime) {
        expect([inputs.lambdaMax, eq15(inputs)]).to.include(lambda);
        return;
      }
      expect(regime).to.equal(outputs.regime);
      expect([0n, regime === "INT" ? 1n : 0n]).to.include(offBy);
      const wanted = (inputs.alpha * WAD) / lambda - inputs.c;
      expect(d).to.equal(inputs.dMin + (wanted > 0n ? wanted : 0n));
      expect(distance(d, wei(outputs.d)) <= BigInt(extra.dTolWei)).to.equal(true);
    });
  }

  it("cover every regime", () => {
    expect(new Set(vectors.map(({ outputs }) => outputs.regime))).to.deep.equal(
      new Set(["INT", "MIN", "MAX_SLACK", "MAX_BIND"]),
    );
    expect(vectors).to.have.length(60);
  });
});

describe("market/pricing: equilibrium", () => {
  it("has no price between the bounds that earns the provider more", () => {
    fc.assert(
      fc.property(game, fc.array(fc.nat(1_000_000), { minLength: 100, maxLength: 100 }), (terms, millionths) => {
        const { lambda } = equilibrium(terms);
        const { gamma, c, lambdaMin, lambdaMax } = terms;
        const earned = (price: bigint) => (price - gamma) * demandAt(terms, price);
        // The demand is rounded down by less than a wei; eq. (15)'s price is rounded up, which costs (c - dMin) / price.
        const most = earned(lambda) + (lambda - gamma) + c / lambdaMin + 1n;
        const width = lambdaMax - lambdaMin;
        const grid = millionths.map((millionth) => lambdaMin + (width * BigInt(millionth)) / 1_000_000n);
        const beside = Array.from({ length: 120 }, (_, bit) => [
          lambda - (1n << BigInt(bit)),
          lambda + (1n << BigInt(bit)),
        ]);
        for (const price of [...grid, ...beside.flat(), lambdaMin, lambdaMax]) {
          if (price < lambdaMin || price > lambdaMax) continue;
          if (earned(price) > most) expect.fail(`${price} earns more than ${lambda}`);
        }
      }),
      { numRuns: 400 },
    );
  });

  it("takes the lower of two prices that earn the same, to the wei", () => {
    const tie = inUnits({ alpha: 100, c: 5, dMin: 1, gamma: 1, lambdaMin: 1, lambdaMax: 65 });
    expect(equilibrium(tie)).to.deep.equal({ lambda: 5n * WAD, d: 16n * WAD, regime: "INT" });
    expect(equilibrium({ ...tie, lambdaMax: tie.lambdaMax - 1n }).lambda).to.equal(5n * WAD);
    expect(equilibrium({ ...tie, lambdaMax: tie.lambdaMax + 1n })).to.deep.equal({
      lambda: 65n * WAD + 1n,
      d: WAD,
      regime: "MAX_BIND",
    });
  });

  it("is always at the greatest price and the least amount with Table II's values", () => {
    const consumer = fc.record({
      alpha: fc.integer({ min: 10_001, max: 11_000 }),
      c: fc.integer({ min: 101, max: 1_000 }),
      dMin: fc.integer({ min: 200, max: 2_000 }),
    });
    fc.assert(
      fc.property(consumer, (drawn) => {
        const terms = inUnits({ ...drawn, gamma: 10, lambdaMin: 10, lambdaMax: 1_000 });
        expect(equilibrium(terms)).to.deep.equal({ lambda: terms.lambdaMax, d: terms.dMin, regime: "MAX_BIND" });
      }),
    );
  });

  it("is eq. (15)'s price where that is between the bounds and the greatest price earns less", () => {
    const { lambda, regime } = equilibrium({ ...TABLE_TWO, lambdaMax: 34n * WAD });
    expect({ lambda, regime }).to.deep.equal({ lambda: eq15(TABLE_TWO), regime: "INT" });
  });
});

describe("market/pricing: demand", () => {
  it("never rises with the price, and never falls below the least amount", () => {
    fc.assert(
      fc.property(game, anyInput, anyInput, (terms, one, other) => {
        const [low, high] = one < other ? [one, other] : [other, one];
        expect(demandAt(terms, low) >= demandAt(terms, high)).to.equal(true);
        expect(demandAt(terms, high) >= terms.dMin).to.equal(true);
      }),
    );
  });

  it("is eq. (10)'s where that is more than the least amount", () => {
    expect(demandAt(TABLE_TWO, 30n * WAD)).to.equal(250n * WAD);
    expect(demandAt(TABLE_TWO, 35n * WAD)).to.equal(200n * WAD);
    expect(demandAt(TABLE_TWO, 36n * WAD)).to.equal(200n * WAD);
  });
});

describe("market/pricing: withMaxPrice", () => {
  it("caps the price", () => {
    fc.assert(
      fc.property(game, anyInput, (terms, drawn) => {
        const maxPrice = terms.lambdaMin + drawn - 1n;
        expect(equilibrium(withMaxPrice(terms, maxPrice)).lambda <= maxPrice).to.equal(true);
      }),
    );
  });

  it("changes nothing if the consumer pays more than the greatest price", () => {
    expect(withMaxPrice(TABLE_TWO, TABLE_TWO.lambdaMax + 1n)).to.deep.equal(TABLE_TWO);
    expect(withMaxPrice(TABLE_TWO, 2n ** 256n)).to.deep.equal(TABLE_TWO);
  });

  it("refuses a trade below the least price", () => {
    expect(withMaxPrice(TABLE_TWO, TABLE_TWO.lambdaMin).lambdaMax).to.equal(TABLE_TWO.lambdaMin);
    expectRefusal(() => withMaxPrice(TABLE_TWO, TABLE_TWO.lambdaMin - 1n), NoTrade, {
      maxPrice: TABLE_TWO.lambdaMin - 1n,
      lambdaMin: TABLE_TWO.lambdaMin,
    });
  });
});

describe("market/pricing: withSupply", () => {
  it("lets the consumer take no more than there is, or refuses", () => {
    fc.assert(
      fc.property(game, anyInput, (terms, supply) => {
        const needed = neededOf(terms);
        if (supply < needed) {
          expectRefusal(() => withSupply(terms, supply), SupplyInsufficient, { supply, needed });
        } else {
          const narrowed = withSupply(terms, supply);
          expect(equilibrium(narrowed).d <= supply && narrowed.lambdaMin >= terms.lambdaMin).to.equal(true);
          expect(narrowed).to.deep.equal({ ...terms, lambdaMin: narrowed.lambdaMin });
        }
      }),
    );
  });

  it("raises the least price to the one at which the consumer takes what there is", () => {
    const narrowed = withSupply(TABLE_TWO, 250n * WAD);
    expect(narrowed).to.deep.equal({ ...TABLE_TWO, lambdaMin: 30n * WAD });
    expect(withSupply(TABLE_TWO, 10_000n * WAD)).to.deep.equal(TABLE_TWO);
  });

  it("refuses no supply, less than the least amount, and less than is taken at the greatest price", () => {
    for (const supply of [-1n, 0n, 200n * WAD - 1n]) {
      expectRefusal(() => withSupply(TABLE_TWO, supply), SupplyInsufficient, { supply, needed: 200n * WAD });
    }
    const cheap = { ...TABLE_TWO, lambdaMax: 30n * WAD };
    const supply = 250n * WAD - 1n;
    expectRefusal(() => withSupply(cheap, supply), SupplyInsufficient, { supply, needed: 250n * WAD });
    expect(equilibrium(withSupply(cheap, 250n * WAD))).to.deep.equal({
      lambda: 30n * WAD,
      d: 250n * WAD,
      regime: "MAX_SLACK",
    });
  });

  it("refuses a supply that is too large for the arithmetic, and terms that are no game", () => {
    expectRefusal(() => withSupply(TABLE_TWO, PRICING_LIMIT + 1n), PricingInputTooLarge, {
      value: PRICING_LIMIT + 1n,
      limit: PRICING_LIMIT,
    });
    expectRefusal(() => withSupply({ ...TABLE_TWO, c: 0n }, WAD), PricingCostInvalid, { c: 0n });
  });
});

describe("market/pricing: refusals", () => {
  it("refuses all of the invalid inputs", () => {
    const refusals = [
      PricingCostInvalid,
      PricingDemandInvalid,
      PricingGammaInvalid,
      PricingFloorInvalid,
      PricingCeilingInvalid,
    ];
    expect(invalid).to.have.length(refusals.length);
    for (const [index, refusal] of refusals.entries()) {
      expect(() => equilibrium(invalid[index]?.inputs ?? TABLE_TWO), invalid[index]?.tag).to.throw(refusal);
    }
  });

  it("says which number is wrong", () => {
    const cases: readonly [Partial<PricingTerms>, new (...args: never[]) => Error, object][] = [
      [{ alpha: -1n }, PricingAlphaInvalid, { alpha: -1n }],
      [{ c: 0n }, PricingCostInvalid, { c: 0n }],
      [{ dMin: -2n }, PricingDemandInvalid, { dMin: -2n }],
      [{ gamma: 0n }, PricingGammaInvalid, { gamma: 0n }],
      [{ gamma: 11n * WAD }, PricingFloorInvalid, { lambdaMin: 10n * WAD, gamma: 11n * WAD }],
      [{ lambdaMax: 9n * WAD }, PricingCeilingInvalid, { lambdaMax: 9n * WAD, lambdaMin: 10n * WAD }],
    ];
    for (const [change, refusal, args] of cases) {
      expectRefusal(() => equilibrium({ ...TABLE_TWO, ...change }), refusal, args);
    }
  });

  it("refuses any number above the limit, and takes the limit", () => {
    for (const name of ["alpha", "c", "dMin", "gamma", "lambdaMin", "lambdaMax"] as const) {
      const value = PRICING_LIMIT + 1n;
      const limit = PRICING_LIMIT;
      expectRefusal(() => equilibrium({ ...TABLE_TWO, [name]: value }), PricingInputTooLarge, { value, limit });
    }
    const all = PRICING_LIMIT;
    const largest = { alpha: all, c: all, dMin: all, gamma: all, lambdaMin: all, lambdaMax: all };
    expect(equilibrium(largest)).to.deep.equal({ lambda: all, d: all, regime: "MAX_BIND" });
  });
});

/** Eq. (15)'s price, rounded up. */
function eq15({ alpha, c, dMin, gamma }: PricingTerms): bigint {
  const product = gamma * alpha * WAD;
  const down = root(product / (c - dMin));
  return down * down * (c - dMin) < product ? down + 1n : down;
}

/** What the consumer takes at the greatest price, rounded up. */
function neededOf({ alpha, c, dMin, lambdaMax }: Demand & Pick<PricingTerms, "lambdaMax">): bigint {
  const wanted = (alpha * WAD + lambdaMax - 1n) / lambdaMax - c;
  return wanted > 0n ? dMin + wanted : dMin;
}

function distance(one: bigint, other: bigint): bigint {
  return one > other ? one - other : other - one;
}

function expectRefusal(run: () => unknown, refusal: new (...args: never[]) => Error, args: object): void {
  expect(run)
    .to.throw(refusal)
    .that.includes({ name: refusal.name, ...args });
}
