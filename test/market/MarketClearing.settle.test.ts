import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { ConsortiumRole } from "../../ignition/parameters.js";
import { solveClearing } from "../../src/market/clearing.js";
import { unpackBid } from "../../src/market/clearingBid.js";
import { unpackOffer } from "../../src/market/clearingOffer.js";
import { ethers, time } from "../fixture.js";
import { packBid } from "./clearingBids.js";
import {
  BIDS,
  bidden,
  bidderAt,
  biddingOver,
  type ClearingWorld,
  cleared,
  coins,
  ESCROWS,
  opened,
  PURPOSE,
} from "./clearingWorld.js";

const PRICE = coins(2);

/** What is left of the three escrows after all orders. */
const LEFT = [0n, 0n, ESCROWS[2]] as const;

async function refundsOf({ clearing }: ClearingWorld): Promise<bigint[]> {
  return Promise.all([3, 4, 5].map((bidder) => clearing.refundOf(bidder)));
}

/** The order's buyer, dataset, amount, price and purpose. */
async function orderIn({ dataMarket }: ClearingWorld, id: number) {
  const { buyer, dataset, amount, price, purpose } = await dataMarket.orderOf(id);
  return { buyer, dataset, amount, price, purpose };
}

describe("MarketClearing", () => {
  describe("clear", () => {
    it("sets the price that the library finds", async () => {
      const { clearing, stranger } = await biddingOver();
      const [bids, offers] = await Promise.all([clearing.bidsOf(1), clearing.offersOf(1)]);
      const { price, cut, merit } = solveClearing(bids.map(unpackBid), offers.map(unpackOffer));
      expect([price, cut, merit]).to.deep.equal([PRICE, 3, [0, 1]]);
      await expect(clearing.connect(stranger).clear(1, price, cut, [...merit]))
        .to.emit(clearing, "RoundCleared")
        .withArgs(1, PRICE, 3);
      const round = await clearing.roundOf(1);
      expect([round.price, round.cut, round.settled]).to.deep.equal([PRICE, 3n, 0n]);
      expect(await clearing.meritOf(1)).to.deep.equal([...offers]);
    });

    it("refuses every other price, cut and order", async () => {
      const { clearing } = await biddingOver();
      const refused = (price: bigint, cut: number, merit: number[], error: string) =>
        expect(clearing.clear(1, price, cut, merit)).to.be.revertedWithCustomError(clearing, error);
      await refused(0n, 3, [0, 1], "ClearingPriceInvalid");
      await refused(PRICE, 4, [0, 1], "ClearingCutInvalid");
      await refused(PRICE - 1n, 3, [0, 1], "ClearingOverCapacity");
      await refused(PRICE, 2, [0, 1], "ClearingNotOptimal");
      await refused(PRICE + 1n, 3, [0, 1], "ClearingNotOptimal");
      await refused(PRICE, 3, [1, 0], "ClearingMeritInvalid");
      await refused(PRICE, 3, [0], "ClearingMeritInvalid");
      await expect(clearing.meritOf(1)).to.be.revertedWithCustomError(clearing, "RoundNotCleared").withArgs(1);
    });

    it("refuses a round that is unknown, in its bidding, cleared or over", async () => {
      const world = await bidden();
      const { clearing, biddingEnd, settleDeadline } = world;
      await expect(clearing.clear(2, PRICE, 3, [0, 1]))
        .to.be.revertedWithCustomError(clearing, "RoundUnknown")
        .withArgs(2);
      await expect(clearing.clear(1, PRICE, 3, [0, 1]))
        .to.be.revertedWithCustomError(clearing, "BiddingNotOver")
        .withArgs(1, biddingEnd);
      await time.increaseTo(biddingEnd);
      await clearing.clear(1, PRICE, 3, [0, 1]);
      await expect(clearing.clear(1, PRICE, 3, [0, 1]))
        .to.be.revertedWithCustomError(clearing, "RoundAlreadyCleared")
        .withArgs(1);
      const again = await bidden();
      await time.increaseTo(settleDeadline);
      await expect(again.clearing.clear(1, PRICE, 3, [0, 1]))
        .to.be.revertedWithCustomError(clearing, "RoundOver")
        .withArgs(1, settleDeadline);
    });

    it("clears a round in which nobody bid or offered", async () => {
      const { clearing, biddingEnd } = await opened();
      await time.increaseTo(biddingEnd);
      await clearing.clear(1, 1, 0, []);
      await clearing.settle(1, 10);
      expect((await clearing.roundOf(1)).settled).to.equal(0n);
    });
  });

  describe("settle", () => {
    it("orders what each bid gets, the cheapest offer first, and pays the market", async () => {
      const world = await cleared();
      const { clearing, dataMarket, medicalCoin, stranger } = world;
      const settled = clearing.connect(stranger).settle(1, 3);
      await expect(settled).to.emit(clearing, "BidFilled").withArgs(1, 3, 0, 2, coins(4), [1]);
      await expect(settled).to.emit(clearing, "BidFilled").withArgs(1, 4, 1, 3, coins(6), [2, 3]);
      await expect(settled).to.emit(clearing, "BidLeftOut").withArgs(1, 5, 2);
      await expect(settled).to.changeTokenBalances(
        ethers,
        medicalCoin,
        [clearing, dataMarket],
        [-coins(10), coins(10)],
      );
      const order = { price: PRICE, purpose: BigInt(PURPOSE) };
      const [first, second] = [bidderAt(world, 0).address, bidderAt(world, 1).address];
      expect(await orderIn(world, 1)).to.deep.equal({ buyer: first, dataset: 1n, amount: 2n, ...order });
      expect(await orderIn(world, 2)).to.deep.equal({ buyer: second, dataset: 1n, amount: 1n, ...order });
      expect(await orderIn(world, 3)).to.deep.equal({ buyer: second, dataset: 2n, amount: 2n, ...order });
      expect(await refundsOf(world)).to.deep.equal(LEFT);
      expect(await medicalCoin.balanceOf(clearing)).to.equal(ESCROWS[2]);
      expect(await medicalCoin.allowance(clearing, dataMarket)).to.equal(0n);
    });

    it("goes on where it stopped", async () => {
      const world = await cleared();
      const { clearing, dataMarket } = world;
      await expect(clearing.settle(1, 1)).to.emit(clearing, "BidFilled").withArgs(1, 3, 0, 2, coins(4), [1]);
      const { settled, place, sold } = await clearing.roundOf(1);
      expect([settled, place, sold]).to.deep.equal([1n, 0n, 2n]);
      await expect(clearing.settle(1, 1)).to.emit(clearing, "BidFilled").withArgs(1, 4, 1, 3, coins(6), [2, 3]);
      await clearing.settle(1, 65_535);
      await expect(clearing.settle(1, 65_535)).not.to.emit(clearing, "BidLeftOut");
      expect((await clearing.roundOf(1)).settled).to.equal(3n);
      expect(await dataMarket.orderCount()).to.equal(3n);
      expect(await refundsOf(world)).to.deep.equal(LEFT);
    });

    it("gives the escrow back to a bidder whose certificate ended, and serves the others as before", async () => {
      const world = await cleared();
      const { clearing, accountCenter, registrar } = world;
      const bidder = bidderAt(world, 0).address;
      await accountCenter.connect(registrar).suspend(bidder, 0);
      const reason = accountCenter.interface.encodeErrorResult("AccountSuspended", [bidder]);
      const settled = clearing.settle(1, 3);
      await expect(settled).to.emit(clearing, "OrderRefused").withArgs(1, 3, 0, 1, 2, reason);
      await expect(settled).to.emit(clearing, "BidFilled").withArgs(1, 3, 0, 0, 0, []);
      await expect(settled).to.emit(clearing, "BidFilled").withArgs(1, 4, 1, 3, coins(6), [1, 2]);
      expect(await refundsOf(world)).to.deep.equal([ESCROWS[0], 0n, ESCROWS[2]]);
    });

    it("places the orders that the market takes, and gives the coin of the others back", async () => {
      const world = await cleared();
      const { clearing, clinic, datasetRegistry, dataMarket, medicalCoin } = world;
      await datasetRegistry.connect(clinic).closeDataset(2);
      const reason = dataMarket.interface.encodeErrorResult("DatasetNotOnSale", [2]);
      const settled = clearing.settle(1, 3);
      await expect(settled).to.emit(clearing, "BidFilled").withArgs(1, 3, 0, 2, coins(4), [1]);
      await expect(settled).to.emit(clearing, "OrderRefused").withArgs(1, 4, 1, 2, 2, reason);
      await expect(settled).to.emit(clearing, "BidFilled").withArgs(1, 4, 1, 1, coins(2), [2]);
      await expect(settled).to.changeTokenBalances(ethers, medicalCoin, [clearing, dataMarket], [-coins(6), coins(6)]);
      expect(await dataMarket.orderCount()).to.equal(2n);
      expect(await refundsOf(world)).to.deep.equal([0n, coins(4), ESCROWS[2]]);
      expect(await medicalCoin.allowance(clearing, dataMarket)).to.equal(0n);
    });

    it("orders what is left of a dataset that shrank, and refunds the rest to the buyer at once", async () => {
      const world = await cleared();
      const { clearing, clinic, datasetRegistry, dataMarket } = world;
      const [added] = await datasetRegistry.queryFilter(datasetRegistry.filters.RecordsListed(2));
      await datasetRegistry.connect(clinic).withdrawRecords(2, [...(added?.args.ids ?? [])].slice(0, 1));
      await expect(clearing.settle(1, 3)).to.emit(clearing, "BidFilled").withArgs(1, 4, 1, 3, coins(6), [2, 3]);
      const { amount, buyer, price } = await dataMarket.orderOf(3);
      expect(amount).to.equal(1n);
      const refunds = await dataMarket.queryFilter(dataMarket.filters.EscrowRefunded(3));
      expect(refunds.map(({ args }) => [args.buyer, args.amount])).to.deep.equal([[buyer, price]]);
    });

    it("waits while the clearing lacks its role, with every bid as it was", async () => {
      const { clearing, dataMarket, consortium, administrator } = await cleared();
      await consortium.connect(administrator).revokeRole(ConsortiumRole.Clearing, clearing);
      await expect(clearing.settle(1, 400))
        .to.be.revertedWithCustomError(clearing, "AccessManagedUnauthorized")
        .withArgs(await clearing.getAddress());
      await consortium.connect(administrator).grantRole(ConsortiumRole.Clearing, clearing, 0);
      await clearing.settle(1, 400);
      expect(await dataMarket.orderCount()).to.equal(3n);
    });

    it("refuses too little gas rather than fail a bid that the market takes", async () => {
      const { clearing, dataMarket } = await cleared();
      await expect(clearing.settle(1, 1, { gasLimit: 430_000 }))
        .to.be.revertedWithCustomError(clearing, "SettleGasTooLow")
        .withArgs(anyValue, 400_000);
      await clearing.settle(1, 1, { gasLimit: 800_000 });
      expect(await dataMarket.orderCount()).to.equal(1n);
    });

    it("goes on while market and clearing are paused", async () => {
      const { clearing, dataMarket, administrator } = await cleared();
      await dataMarket.connect(administrator).pause();
      await clearing.connect(administrator).pause();
      await clearing.settle(1, 3);
      expect(await dataMarket.orderCount()).to.equal(3n);
    });

    it("refuses a round that is unknown, not cleared or over", async () => {
      const { clearing, settleDeadline } = await biddingOver();
      await expect(clearing.settle(2, 1)).to.be.revertedWithCustomError(clearing, "RoundUnknown").withArgs(2);
      await expect(clearing.settle(1, 1)).to.be.revertedWithCustomError(clearing, "RoundNotCleared").withArgs(1);
      await clearing.clear(1, PRICE, 3, [0, 1]);
      await time.increaseTo(settleDeadline - 1);
      await expect(clearing.settle(1, 1))
        .to.be.revertedWithCustomError(clearing, "RoundOver")
        .withArgs(1, settleDeadline);
    });
  });

  describe("claimRefund", () => {
    it("pays the bidder's wallet, once", async () => {
      const world = await cleared();
      const { clearing, medicalCoin, stranger } = world;
      const bidder = bidderAt(world, 2);
      await clearing.settle(1, 3);
      const claimed = clearing.connect(stranger).claimRefund(5);
      await expect(claimed).to.emit(clearing, "RefundClaimed").withArgs(5, bidder.address, ESCROWS[2]);
      await expect(claimed).to.changeTokenBalances(ethers, medicalCoin, [clearing, bidder], [-ESCROWS[2], ESCROWS[2]]);
      expect(await clearing.refundOf(5)).to.equal(0n);
      await expect(clearing.claimRefund(5)).to.be.revertedWithCustomError(clearing, "NoRefund").withArgs(5);
    });
  });

  describe("reclaim", () => {
    it("gives each escrow back when nobody cleared the round, once", async () => {
      const world = await bidden();
      const { clearing, medicalCoin, stranger, settleDeadline } = world;
      await time.increaseTo(settleDeadline);
      for (const [index, escrow] of ESCROWS.entries()) {
        const bidder = bidderAt(world, index);
        const reclaimed = clearing.connect(stranger).reclaim(1, index);
        await expect(reclaimed)
          .to.emit(clearing, "BidReclaimed")
          .withArgs(1, 3 + index, index, escrow);
        await expect(reclaimed).to.changeTokenBalances(ethers, medicalCoin, [clearing, bidder], [-escrow, escrow]);
        await expect(clearing.reclaim(1, index))
          .to.be.revertedWithCustomError(clearing, "BidClosed")
          .withArgs(1, index);
      }
      const returned = BIDS.map((bid) => packBid({ ...bid, isReturned: true }));
      expect(await clearing.bidsOf(1)).to.deep.equal(returned);
      expect(returned.map((word) => unpackBid(word).isReturned)).to.deep.equal([true, true, true]);
      expect(await medicalCoin.balanceOf(clearing)).to.equal(0n);
    });

    it("gives back what was not settled in time, and nothing that was", async () => {
      const { clearing, medicalCoin, settleDeadline } = await cleared();
      await clearing.settle(1, 1);
      await time.increaseTo(settleDeadline);
      await expect(clearing.reclaim(1, 0)).to.be.revertedWithCustomError(clearing, "BidClosed").withArgs(1, 0);
      await clearing.reclaim(1, 1);
      await clearing.reclaim(1, 2);
      expect(await medicalCoin.balanceOf(clearing)).to.equal(0n);
    });

    it("refuses before the deadline, and rounds and bids that are unknown", async () => {
      const { clearing, settleDeadline } = await biddingOver();
      await time.increaseTo(settleDeadline - 2);
      await expect(clearing.reclaim(1, 0))
        .to.be.revertedWithCustomError(clearing, "RoundNotOver")
        .withArgs(1, settleDeadline);
      await expect(clearing.reclaim(2, 0)).to.be.revertedWithCustomError(clearing, "RoundUnknown").withArgs(2);
      await time.increaseTo(settleDeadline);
      await expect(clearing.reclaim(1, 3)).to.be.revertedWithCustomError(clearing, "BidUnknown").withArgs(1, 3);
    });
  });
});
