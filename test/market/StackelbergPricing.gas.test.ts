import { expect } from "chai";
import { WAD } from "../../src/market/pricing.js";
import { ethers } from "../fixture.js";
import { TABLE_TWO } from "./pricingTerms.js";

describe("StackelbergPricing, its gas", () => {
  it("is less than a fiftieth of what the paper's loop takes over 91 prices", async () => {
    const harness = await ethers.deployContract("AlgorithmOne__Harness");
    const terms = { ...TABLE_TWO, lambdaMax: 100n * WAD };
    const [loop] = await harness.getFunction("gasOfLoop").staticCall(terms, true);
    const [closed] = await harness.getFunction("gasOfEquilibrium").staticCall(terms);
    expect(Number(loop)).to.be.greaterThan(50 * Number(closed));
  });
});
