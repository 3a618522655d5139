import { expect } from "chai";
import type { Interface } from "ethers";
import fc from "fast-check";
import {
  demandAt,
  type Equilibrium,
  equilibrium,
  PRICING_LIMIT,
  type PricingTerms,
  REGIMES,
  WAD,
  withMaxPrice,
  withSupply,
} from "../../src/market/pricing.js";
import { firstBest, paymentOf, profitOf, utilityOf, welfareOf } from "../../src/market/pricingGains.js";
import { ethers, loadFixture } from "../fixture.js";
import { solidityEnum } from "../solidityEnum.js";
import { anyInput, game, invalid, TABLE_TWO, vectors } from "./pricingTerms.js";

async function deployed() {
  return ethers.deployContract("StackelbergPricing__Harness");
}

async function loop() {
  return ethers.deployContract("AlgorithmOne__Harness");
}

/** A call of the contract, and what TypeScript answers to it. */
interface Question {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly answer: () => readonly unknown[];
}

const struct = ({ alpha, c, dMin, gamma, lambdaMin, lambdaMax }: PricingTerms) => [
  alpha,
  c,
  dMin,
  gamma,
  lambdaMin,
  lambdaMax,
];
const result = ({ lambda, d, regime }: Equilibrium) => [lambda, d, REGIMES.indexOf(regime)];

/** Everything that can be asked about terms that may be no game. */
function questions(terms: PricingTerms, price: bigint, supply: bigint): Question[] {
  return [
    { name: "equilibrium", args: [struct(terms)], answer: () => [result(equilibrium(terms))] },
    { name: "withMaxPrice", args: [struct(terms), price], answer: () => [struct(withMaxPrice(terms, price))] },
    { name: "withSupply", args: [struct(terms), supply], answer: () => [struct(withSupply(terms, supply))] },
  ];
}

/** Everything that can be asked about a game and a price. */
function gains(terms: PricingTerms, price: bigint): Question[] {
  const { alpha, c, dMin } = terms;
  const d = demandAt(terms, price);
  const best = firstBest(terms);
  return [
    { name: "demand", args: [alpha, c, dMin, price], answer: () => [d] },
    { name: "payment", args: [price, d], answer: () => [paymentOf(price, d)] },
    { name: "profit", args: [struct(terms), price], answer: () => [profitOf(terms, price)] },
    { name: "utility", args: [struct(terms), price], answer: () => [utilityOf(terms, price)] },
    { name: "welfare", args: [struct(terms), price], answer: () => [welfareOf(terms, price)] },
    { name: "firstBest", args: [struct(terms)], answer: () => [best.d, best.welfare] },
  ];
}

/** The bytes that the contract must answer with: the result, or the error with its arguments. */
function expected(abi: Interface, { name, answer }: Question): string {
  try {
    return abi.encodeFunctionResult(name, [...answer()]);
  } catch (error) {
    const fragment = error instanceof Error ? abi.getError(error.name) : null;
    if (fragment === null) throw error;
    return abi.encodeErrorResult(
      fragment,
      fragment.inputs.map((input) => Reflect.get(Object(error), input.name)),
    );
  }
}

describe("StackelbergPricing: Solidity and TypeScript", () => {
  async function expectTheSame(asked: readonly Question[]): Promise<void> {
    const harness = await loadFixture(deployed);
    const abi = harness.interface;
    const calls = asked.map(({ name, args }) => abi.encodeFunctionData(name, [...args]));
    const answers: string[] = await harness.getFunction("answers").staticCall(calls, { gasLimit: 16_000_000n });
    for (const [index, question] of asked.entries()) {
      expect(answers[index], `${question.name} of ${question.args}`).to.equal(expected(abi, question));
    }
  }

  it("name the regimes in the same order", () => {
    expect(solidityEnum("market/StackelbergPricing.sol", "Regime")).to.deep.equal({
      Interior: REGIMES.indexOf("INT"),
      AtMinimum: REGIMES.indexOf("MIN"),
      AtMaximumSlack: REGIMES.indexOf("MAX_SLACK"),
      AtMaximumBinding: REGIMES.indexOf("MAX_BIND"),
    });
  });

  it("answer the same to the exact vectors", () =>
    expectTheSame(
      vectors.flatMap(({ inputs }) => {
        const { lambda, d } = equilibrium(inputs);
        return [...questions(inputs, lambda, d), ...gains(inputs, lambda)];
      }),
    ));

  it("answer the same for any game, price and supply", () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(game, anyInput, anyInput), many(30)), (drawn) =>
        expectTheSame(
          drawn.flatMap(([terms, price, supply]) => [...questions(terms, price, supply), ...gains(terms, price)]),
        ),
      ),
      { numRuns: 8 },
    ));

  it("refuse the same for the same reason, whatever the numbers", () => {
    const hostile = fc.oneof(anyInput, fc.constantFrom(0n, 1n, PRICING_LIMIT, PRICING_LIMIT + 1n, 2n ** 256n - 1n));
    const inputs = fc.record({
      alpha: hostile,
      c: hostile,
      dMin: hostile,
      gamma: hostile,
      lambdaMin: hostile,
      lambdaMax: hostile,
    });
    return fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(inputs, hostile, hostile), many(60)), (drawn) =>
        expectTheSame(drawn.flatMap(([terms, price, supply]) => questions(terms, price, supply))),
      ),
      { numRuns: 8 },
    );
  });

  it("refuse the invalid inputs for the same reason", () =>
    expectTheSame(invalid.flatMap(({ inputs }) => questions(inputs, WAD, WAD))));
});

describe("StackelbergPricing: refusals", () => {
  const limit = PRICING_LIMIT;
  const cases: readonly [string, Partial<PricingTerms>, readonly bigint[]][] = [
    ["PricingCostInvalid", { c: 0n }, [0n]],
    ["PricingDemandInvalid", { dMin: 0n }, [0n]],
    ["PricingGammaInvalid", { gamma: 0n }, [0n]],
    ["PricingFloorInvalid", { gamma: 10n * WAD + 1n }, [10n * WAD, 10n * WAD + 1n]],
    ["PricingCeilingInvalid", { lambdaMax: 10n * WAD - 1n }, [10n * WAD - 1n, 10n * WAD]],
    ["PricingInputTooLarge", { alpha: limit + 1n }, [limit + 1n, limit]],
    ["PricingInputTooLarge", { lambdaMax: limit + 2n }, [limit + 2n, limit]],
  ];
  for (const [error, change, args] of cases) {
    it(`${error}: ${Object.keys(change)}`, async () => {
      const harness = await loadFixture(deployed);
      const terms = struct({ ...TABLE_TWO, ...change });
      for (const call of [harness.getFunction("equilibrium")(terms), harness.getFunction("withSupply")(terms, WAD)]) {
        await expect(call)
          .to.be.revertedWithCustomError(harness, error)
          .withArgs(...args);
      }
    });
  }

  it("SupplyInsufficient and NoTrade", async () => {
    const harness = await loadFixture(deployed);
    const cheap = struct({ ...TABLE_TWO, lambdaMax: 30n * WAD });
    for (const [supply, needed] of [
      [0n, 250n * WAD],
      [200n * WAD - 1n, 250n * WAD],
      [250n * WAD - 1n, 250n * WAD],
    ]) {
      await expect(harness.getFunction("withSupply")(cheap, supply))
        .to.be.revertedWithCustomError(harness, "SupplyInsufficient")
        .withArgs(supply, needed);
    }
    await expect(harness.getFunction("withMaxPrice")(cheap, 10n * WAD - 1n))
      .to.be.revertedWithCustomError(harness, "NoTrade")
      .withArgs(10n * WAD - 1n, 10n * WAD);
  });
});

describe("AlgorithmOne", () => {
  const gasOf = async (name: string, ...args: readonly unknown[]) => {
    const harness = await loadFixture(loop);
    const [used, found] = await harness.getFunction(name).staticCall(...args);
    return { used: Number(used), found: found.toObject() };
  };

  it("as printed gives up where eq. (15) exists, and elsewhere stops after the first price", async () => {
    const { found } = await gasOf("gasOfLoop", struct(TABLE_TWO), false);
    expect(found).to.deep.equal({ profit: 0n, utility: 0n, lambda: 0n, d: 0n });
    const { found: first } = await gasOf("gasOfLoop", struct({ ...TABLE_TWO, c: 150n * WAD }), false);
    // Less than the consumer's least amount, 200.
    expect([first.lambda, first.d]).to.deep.equal([1000n * WAD, (605n * WAD) / 10n]);
  });

  it("as meant finds the price of eq. (15) to the unit, for many times the gas of the closed form", async () => {
    const terms = { ...TABLE_TWO, lambdaMax: 34n * WAD };
    const { found } = await gasOf("gasOfLoop", struct(terms), true);
    expect([found.lambda, equilibrium(terms).lambda / WAD]).to.deep.equal([32n * WAD, 32n]);
    const { used: whole } = await gasOf("gasOfLoop", struct({ ...TABLE_TWO, lambdaMax: 100n * WAD }), true);
    const closed = await gasOf("gasOfEquilibrium", struct({ ...TABLE_TWO, lambdaMax: 100n * WAD }));
    expect(closed.found).to.deep.equal({ lambda: 100n * WAD, d: 200n * WAD, regime: 3n });
    expect(whole > 10 * closed.used).to.equal(true);
  });
});

function many(most: number) {
  return { minLength: most / 2, maxLength: most, size: "max" } as const;
}
