import { expect } from "chai";
import { clearRound } from "../../src/market/clearingClear.js";
import { offerRecords } from "../../src/market/clearingOfferRecords.js";
import { openRound } from "../../src/market/clearingOpen.js";
import { placeBid } from "../../src/market/clearingPlaceBid.js";
import { claimRefund, reclaimBid } from "../../src/market/clearingRefund.js";
import { clearingRoundOf, RoundUnknown } from "../../src/market/clearingRound.js";
import { settleRound } from "../../src/market/clearingSettle.js";
import { expectRefusal } from "../consensus/refused.js";
import { rejection } from "../enrolled.js";
import { DAY, time } from "../fixture.js";
import { bidOf, offerOf } from "./clearingBids.js";
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

const dateOf = (seconds: number): Date => new Date(seconds * 1000);

describe("openRound", () => {
  it("opens a round", async () => {
    const { clearing, operator, biddingEnd, settleDeadline } = await opened();
    const times = { biddingEnd: dateOf(biddingEnd), settleDeadline: dateOf(settleDeadline) };
    const terms = { dataClass: 25, purpose: "CLINTRCH", ...times } as const;
    expect((await openRound(clearing.connect(operator), terms)).round).to.equal(2);
    expect(await clearingRoundOf(clearing, 2)).to.deep.equal({
      round: 2,
      dataClass: 25,
      purpose: 9,
      ...times,
      price: undefined,
      cut: 0,
      settled: 0,
      offers: [],
      bids: [],
    });
    const late = { ...terms, settleDeadline: dateOf(settleDeadline + 7 * DAY) };
    await expectRefusal(openRound(clearing.connect(operator), late), "RoundTimesInvalid");
  });
});

describe("offerRecords", () => {
  it("offers what clearingRoundOf then reads", async () => {
    const { clearing, hospital, clinic } = await opened();
    const offer = { dataset: 2, cost: coins(1.25), capacity: 2 };
    expect((await offerRecords(clearing.connect(clinic), 1, offer)).index).to.equal(0);
    expect((await offerRecords(clearing.connect(hospital), 1, { ...offer, dataset: 1 })).index).to.equal(1);
    expect((await clearingRoundOf(clearing, 1)).offers).to.deep.equal([
      offerOf(1.25, 2, { dataset: 2, institution: 2 }),
      offerOf(1.25, 2, { dataset: 1, institution: 1 }),
    ]);
    await expectRefusal(offerRecords(clearing.connect(clinic), 1, offer), "DatasetAlreadyOffered");
  });
});

describe("placeBid", () => {
  it("pays the escrow by a permit, without an allowance before or after", async () => {
    const { clearing, medicalCoin, bidders } = await opened();
    const [bidder] = bidders;
    await medicalCoin.connect(bidder).approve(clearing, 0);
    const { index, escrow } = await placeBid(clearing, bidder, 1, BIDS[0]);
    expect([index, escrow]).to.deep.equal([0, ESCROWS[0]]);
    expect(await medicalCoin.balanceOf(clearing)).to.equal(escrow);
    expect(await medicalCoin.allowance(bidder, clearing)).to.equal(0n);
    expect((await clearingRoundOf(clearing, 1)).bids).to.deep.equal([BIDS[0]]);
  });

  it("says what is missing", async () => {
    const { clearing, bidders, stranger } = await opened();
    await expectRefusal(placeBid(clearing, bidders[0], 1, bidOf({ alpha: 1_001 })), "ERC20InsufficientBalance");
    await expectRefusal(placeBid(clearing, stranger, 1, bidOf({ alpha: 0 })), "ERC20InsufficientBalance");
    await expectRefusal(placeBid(clearing, bidders[0], 2, BIDS[0]), "RoundUnknown");
    expect(await rejection(placeBid(clearing, bidders[0], 1, { ...BIDS[0], c: 1n }))).to.have.property(
      "name",
      "BidInvalid",
    );
  });
});

describe("clearRound", () => {
  it("sets the price that the contract takes", async () => {
    const { clearing } = await biddingOver();
    const { clearing: solved } = await clearRound(clearing, 1);
    expect(solved.allocations.map(({ amount }) => amount)).to.deep.equal([2, 3, 0]);
    expect(await clearingRoundOf(clearing, 1)).to.deep.include({
      price: coins(2),
      cut: 3,
      settled: 0,
      purpose: PURPOSE,
    });
    await expectRefusal(clearRound(clearing, 1), "RoundAlreadyCleared");
    expect(await rejection(clearRound(clearing, 2))).to.be.instanceOf(RoundUnknown);
  });
});

describe("settleRound", () => {
  const outcomes = [
    { index: 0, bidder: 3, outcome: "filled", amount: 2, payment: coins(4), orders: [1], refused: [] },
    { index: 1, bidder: 4, outcome: "filled", amount: 3, payment: coins(6), orders: [2, 3], refused: [] },
    { index: 2, bidder: 5, outcome: "left out", amount: 0, payment: 0n, orders: [], refused: [] },
  ];

  it("settles all bids at once, or few at a time, and nothing again", async () => {
    const { clearing } = await cleared();
    expect(await settleRound(clearing, 1)).to.deep.equal(outcomes);
    expect(await settleRound(clearing, 1)).to.deep.equal([]);
    const again = await cleared();
    expect(await settleRound(again.clearing, 1, 2)).to.deep.equal(outcomes);
  });

  it("tells which orders the market refused", async () => {
    const world = await cleared();
    const { clearing, datasetRegistry, clinic, accountCenter, registrar } = world;
    await datasetRegistry.connect(clinic).closeDataset(2);
    await accountCenter.connect(registrar).suspend(bidderAt(world, 0), 0);
    const refused = { dataset: 1, amount: 2, error: "AccountSuspended" };
    expect(await settleRound(clearing, 1)).to.deep.equal([
      { index: 0, bidder: 3, outcome: "failed", amount: 0, payment: 0n, orders: [], refused: [refused] },
      {
        index: 1,
        bidder: 4,
        outcome: "partly filled",
        amount: 1,
        payment: coins(2),
        orders: [1],
        refused: [{ dataset: 2, amount: 2, error: "DatasetNotOnSale" }],
      },
      outcomes[2],
    ]);
  });

  it("refuses a round without a price", async () => {
    const { clearing } = await biddingOver();
    await expectRefusal(settleRound(clearing, 1), "RoundNotCleared");
  });
});

describe("claimRefund", () => {
  it("pays what the settled bids did not cost", async () => {
    const world = await cleared();
    await settleRound(world.clearing, 1);
    await expectPaid(world, 2, async () => claimRefund(world.clearing, 5));
    await expectRefusal(claimRefund(world.clearing, 5), "NoRefund");
  });
});

describe("reclaimBid", () => {
  it("gives the escrow back when the round was not settled in time", async () => {
    const world = await bidden();
    await expectRefusal(reclaimBid(world.clearing, 1, 2), "RoundNotOver");
    await time.increaseTo(world.settleDeadline);
    await expectPaid(world, 2, async () => reclaimBid(world.clearing, 1, 2));
  });
});

/** Expects that the third bid's escrow goes to its bidder. */
async function expectPaid(
  world: ClearingWorld,
  at: number,
  pay: () => Promise<{ readonly bidder: number; readonly amount: bigint }>,
): Promise<void> {
  const bidder = bidderAt(world, at);
  const before = await world.medicalCoin.balanceOf(bidder);
  const { bidder: number, amount } = await pay();
  expect([number, amount]).to.deep.equal([5, ESCROWS[2]]);
  expect((await world.medicalCoin.balanceOf(bidder)) - before).to.equal(amount);
}
