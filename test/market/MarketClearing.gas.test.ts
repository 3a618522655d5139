import { expect } from "chai";
import { solveClearing } from "../../src/market/clearing.js";
import { ethers, loadFixture } from "../fixture.js";
import { bidOf, offerOf, packBid, packOffer } from "./clearingBids.js";
import { cleared } from "./clearingWorld.js";

async function harness() {
  return ethers.deployContract("Clearing__Harness");
}

describe("MarketClearing, its gas", () => {
  it("checks 200 bids and 10 offers within 1.5 million gas", async () => {
    const contract = await loadFixture(harness);
    const bids = Array.from({ length: 200 }, (_, i) =>
      bidOf({ alpha: 50 + (i % 101), c: 1 + (i % 13), maxPrice: 100 + i }),
    );
    const offers = Array.from({ length: 10 }, (_, i) => offerOf(1 + (i % 7), 300 + i));
    const { price, cut, merit, allocations } = solveClearing(bids, offers);
    expect(allocations.every(({ amount }) => amount > 0)).to.equal(true);
    await contract.getFunction("keep")(bids.map(packBid), offers.map(packOffer));
    expect(await contract.getFunction("checkKept").estimateGas(price, cut, [...merit])).to.be.lessThan(1_500_000n);
  });

  it("settles a bid of one order with half a million", async () => {
    const { clearing, dataMarket } = await cleared();
    await clearing.settle(1, 1, { gasLimit: 500_000 });
    expect(await dataMarket.orderCount()).to.equal(1n);
  });
});
