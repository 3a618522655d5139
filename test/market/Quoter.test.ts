import { expect } from "chai";
import type { Quoter } from "../../types/ethers-contracts/index.js";
import { ethers, loadFixture } from "../fixture.js";
import { ALPHA, C, coins, LISTING } from "./world.js";

async function deployed() {
  const quoter: Quoter = await ethers.deployContract("Quoter");
  return { quoter };
}

const { gamma, lambdaMin, lambdaMax } = LISTING;
const TERMS = { alpha: ALPHA, c: C, dMin: coins(2), gamma, lambdaMin, lambdaMax };

/** By hand: `ceil(sqrt(gamma alpha / (c - dMin)))` is the root of 40, and `dMin + alpha / lambda - c` a little above 4.3 records. */
const ROOT_OF_40 = 6_324_555_320_336_758_664n;
const DEMAND = coins(2) + (ALPHA * coins(1)) / ROOT_OF_40 - C;

describe("Quoter", () => {
  it("says the equilibrium, and the payment rounded up", async () => {
    const { quoter } = await loadFixture(deployed);
    const { equilibrium, payment } = await quoter.equilibriumOf(TERMS);
    expect(equilibrium).to.deep.equal([ROOT_OF_40, DEMAND, 0]);
    expect(payment).to.equal((ROOT_OF_40 * DEMAND + coins(1) - 1n) / coins(1));
  });

  it("quotes whole records, and the price for each", async () => {
    const { quoter } = await loadFixture(deployed);
    expect(await quoter.quoteOf(TERMS, 6, coins(10))).to.deep.equal([ROOT_OF_40, 5, 5n * ROOT_OF_40, 0]);
  });

  it("quotes an amount that is whole already as it is", async () => {
    const { quoter } = await loadFixture(deployed);
    const taking = { ...TERMS, alpha: 0n };
    expect(await quoter.quoteOf(taking, 2, coins(99))).to.deep.equal([lambdaMax, 2, 2n * lambdaMax, 3]);
  });

  it("never quotes more than the maximum price, which may be the quoted price itself", async () => {
    const { quoter } = await loadFixture(deployed);
    expect(await quoter.quoteOf(TERMS, 6, ROOT_OF_40)).to.deep.equal([ROOT_OF_40, 5, 5n * ROOT_OF_40, 2]);
    expect(await quoter.quoteOf(TERMS, 6, coins(5))).to.deep.equal([coins(5), 6, coins(30), 2]);
  });

  it("never quotes more than there is", async () => {
    const { quoter } = await loadFixture(deployed);
    // From price alpha / (K - dMin + c) on, the demand is no more than the supply.
    expect(await quoter.quoteOf(TERMS, 3, coins(10))).to.deep.equal([coins(8), 3, coins(24), 1]);
    expect(await quoter.quoteOf(TERMS, 2, coins(10))).to.deep.equal([coins(10), 2, coins(20), 3]);
  });

  it("refuses what is not to be had", async () => {
    const { quoter } = await loadFixture(deployed);
    await expect(quoter.quoteOf(TERMS, 6, coins(4) - 1n))
      .to.be.revertedWithCustomError(quoter, "NoTrade")
      .withArgs(coins(4) - 1n, coins(4));
    for (const supply of [0, 1]) {
      await expect(quoter.quoteOf(TERMS, supply, coins(10)))
        .to.be.revertedWithCustomError(quoter, "SupplyInsufficient")
        .withArgs(coins(supply), coins(2));
    }
    await expect(quoter.quoteOf({ ...TERMS, dMin: 0n }, 6, coins(10)))
      .to.be.revertedWithCustomError(quoter, "PricingDemandInvalid")
      .withArgs(0);
    await expect(quoter.equilibriumOf({ ...TERMS, c: 0n }))
      .to.be.revertedWithCustomError(quoter, "PricingCostInvalid")
      .withArgs(0);
  });
});
