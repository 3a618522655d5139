import { expect } from "chai";
import { MaxUint256 } from "ethers";
import fc from "fast-check";
import { solveClearing } from "../../src/market/clearing.js";
import { type Bid, escrowOf } from "../../src/market/clearingBid.js";
import { type Offer, unpackOffer } from "../../src/market/clearingOffer.js";
import { ethers, loadFixture } from "../fixture.js";
import { anyRound, bidOf, offerOf, packBid, packOffer } from "./clearingBids.js";

async function harness() {
  return ethers.deployContract("Clearing__Harness");
}

/** Whether the contract takes (price, cut) for these bids and offers: the name of its error if it does not. */
async function verdict(
  contract: Awaited<ReturnType<typeof harness>>,
  bids: readonly Bid[],
  offers: readonly Offer[],
  price: bigint,
  cut: number,
): Promise<string> {
  const ordered = [...offers].sort((a, b) => Number(a.cost - b.cost));
  try {
    await contract.getFunction("check")(bids.map(packBid), ordered.map(packOffer), price, cut);
    return "taken";
  } catch (error) {
    const data = (error as { data?: string }).data ?? "0x";
    return contract.interface.parseError(data)?.name ?? String(error);
  }
}

describe("Clearing", () => {
  it("takes what the library solves, and no other price or cut", async () => {
    const contract = await loadFixture(harness);
    await fc.assert(
      fc.asyncProperty(anyRound, async ({ bids, offers }) => {
        const { price, cut } = solveClearing(bids, offers);
        const at = (otherPrice: bigint, otherCut: number) => verdict(contract, bids, offers, otherPrice, otherCut);
        expect(await at(price, cut)).to.equal("taken");
        // Every state before wants too much, every later one has another before it that fits.
        if (price > 1n) expect(await at(price - 1n, cut)).to.equal("ClearingOverCapacity");
        expect(await at(price + 1n, cut)).to.equal("ClearingNotOptimal");
        if (cut > 0) expect(await at(price, cut - 1)).to.equal("ClearingNotOptimal");
        const later = cut < bids.length ? "ClearingOverCapacity" : "ClearingCutInvalid";
        expect(await at(price, cut + 1)).to.equal(later);
      }),
      { numRuns: 150 },
    );
  });

  it("lays the records as the library does, within each escrow and each capacity", async () => {
    const contract = await loadFixture(harness);
    await fc.assert(
      fc.asyncProperty(anyRound, async ({ bids, offers }) => {
        const { price, cut, merit, allocations } = solveClearing(bids, offers);
        const [packedBids, packedOffers] = [bids.map(packBid), offers.map(packOffer)];
        const order = await contract.getFunction("packMerit")(packedOffers, [...merit]);
        const [parts, escrows] = await Promise.all([
          contract.getFunction("allocate")(packedBids, packedOffers, price, cut, order),
          contract.getFunction("escrowsOf")(packedBids),
        ]);
        const laid = parts.map((ofBid: bigint[]) => ofBid.map(unpackOffer));
        const expected = allocations.map((allocation) =>
          allocation.parts.map(({ offer, amount }) => ({ ...offers[offer], capacity: amount })),
        );
        expect(laid).to.deep.equal(expected);
        expect(escrows).to.deep.equal(bids.map(escrowOf));
        for (const [at, { amount, payment, parts: own }] of allocations.entries()) {
          expect(own.reduce((sum, part) => sum + part.amount, 0)).to.equal(amount);
          expect(payment <= (escrows[at] ?? 0n)).to.equal(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("says what is wrong with a state", async () => {
    const contract = await loadFixture(harness);
    // At 1 coin 91 records are wanted, of 50; at 2 coins 41, and hardly more at a price one wei below.
    const bids = [bidOf({ dMin: 1 })].map(packBid);
    const offers = [offerOf(1, 50)].map(packOffer);
    const coin = 10n ** 18n;
    await expect(contract.getFunction("check")(bids, offers, 0, 1)).to.be.revertedWithCustomError(
      contract,
      "ClearingPriceInvalid",
    );
    await expect(contract.getFunction("check")(bids, offers, coin, 2))
      .to.be.revertedWithCustomError(contract, "ClearingCutInvalid")
      .withArgs(2, 1);
    await expect(contract.getFunction("check")(bids, offers, coin, 1))
      .to.be.revertedWithCustomError(contract, "ClearingOverCapacity")
      .withArgs(91n * coin, 50n * coin);
    const justBelow = (100n * coin * coin) / (2n * coin - 1n) - 9n * coin;
    await expect(contract.getFunction("check")(bids, offers, 2n * coin, 1))
      .to.be.revertedWithCustomError(contract, "ClearingNotOptimal")
      .withArgs(justBelow, 50n * coin);
    await expect(contract.getFunction("check")(bids, offers, 5n * coin, 0))
      .to.be.revertedWithCustomError(contract, "ClearingNotOptimal")
      .withArgs(11n * coin, 50n * coin);
  });

  it("takes the offers in order of cost only, each once, equal ones as they came", async () => {
    const contract = await loadFixture(harness);
    const offers = [offerOf(2, 1), offerOf(1, 1), offerOf(2, 1)].map(packOffer);
    expect(await contract.getFunction("packMerit")(offers, [1, 0, 2])).to.equal(0x02_00_01n);
    expect(await contract.getFunction("packMerit")([], [])).to.equal(0n);
    for (const [merit, place] of [
      [[1, 0], 2],
      [[1, 0, 2, 2], 4],
      [[0, 1, 2], 1],
      [[1, 2, 0], 2],
      [[1, 0, 0], 2],
      [[1, 1, 2], 1],
      [[1, 3, 2], 1],
      [[255, 0, 2], 0],
    ] as const) {
      await expect(contract.getFunction("packMerit")(offers, [...merit]))
        .to.be.revertedWithCustomError(contract, "ClearingMeritInvalid")
        .withArgs(place);
    }
  });

  it("computes the largest bids and offers without overflow", async () => {
    const contract = await loadFixture(harness);
    const bid: Bid = {
      bidder: 2 ** 24 - 1,
      alpha: ((1n << 64n) - 1n) * 10n ** 9n,
      c: 10n ** 9n,
      dMin: 2 ** 24,
      maxPrice: ((1n << 50n) - 1n) * 10n ** 9n,
      isReturned: false,
    };
    const bids = Array.from({ length: 400 }, () => bid);
    const offers = Array.from({ length: 32 }, () => offerOf(1, 2 ** 24 - 1));
    const { price, cut } = solveClearing(bids, offers);
    // Each is for 2^24 and some 16,384 records even at its maximum price; 32 times 2^24 - 1 are offered.
    expect([price, cut]).to.deep.equal([bid.maxPrice, 31]);
    expect(await verdict(contract, bids, offers, price, cut)).to.equal("taken");
    expect(await verdict(contract, bids, offers, 1n, 400)).to.equal("ClearingOverCapacity");
    expect(await verdict(contract, bids, offers, MaxUint256, 400)).to.equal("ClearingNotOptimal");
  });
});
