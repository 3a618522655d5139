import { expect } from "chai";
import { AbiCoder, keccak256, Signature, toBeHex } from "ethers";
import { bidTermsOnChain, unpackBid } from "../../src/market/clearingBid.js";
import { unpackOffer } from "../../src/market/clearingOffer.js";
import { MedicalCoin__factory } from "../../types/ethers-contracts/index.js";
import { DAY, ethers, networkHelpers, Role, time } from "../fixture.js";
import { domainOf, sign } from "../signatures.js";
import { bidOf, offerOf, packBid, packOffer } from "./clearingBids.js";
import {
  BIDS,
  bidderAt,
  biddingOver,
  bidFor,
  type ClearingWorld,
  clearingOf,
  coins,
  DATA_CLASS,
  ESCROWS,
  opened,
  PURPOSE,
} from "./clearingWorld.js";

const HOUR = 3_600;

describe("MarketClearing", () => {
  it("knows its market, and the market's datasets, account center and coin", async () => {
    const { clearing, dataMarket, datasetRegistry, accountCenter, medicalCoin } = await opened();
    expect(await clearing.dataMarket()).to.equal(await dataMarket.getAddress());
    expect(await clearing.datasetRegistry()).to.equal(await datasetRegistry.getAddress());
    expect(await clearing.accountCenter()).to.equal(await accountCenter.getAddress());
    expect(await clearing.medicalCoin()).to.equal(await medicalCoin.getAddress());
  });

  describe("openRound", () => {
    it("opens a round", async () => {
      const { clearing, operator } = await opened();
      const end = (await time.latest()) + 30 * DAY;
      await expect(clearing.connect(operator).openRound(31, 23, end, end + 7 * DAY))
        .to.emit(clearing, "RoundOpened")
        .withArgs(2, 31, 23, end, end + 7 * DAY);
      expect(await clearing.roundCount()).to.equal(2n);
      expect(await clearing.roundOf(2)).to.deep.equal([
        31n,
        23n,
        BigInt(end),
        BigInt(end + 7 * DAY),
        0n,
        0n,
        0n,
        0n,
        0n,
      ]);
      expect((await clearing.roundOf(3)).biddingEnd).to.equal(0n);
    });

    it("refuses who is no operator", async () => {
      const { clearing, hospital, biddingEnd, settleDeadline } = await opened();
      await expect(clearing.connect(hospital).openRound(24, 8, biddingEnd, settleDeadline))
        .to.be.revertedWithCustomError(clearing, "AccessManagedUnauthorized")
        .withArgs(hospital.address);
    });

    it("refuses a class of no records, and an unknown purpose", async () => {
      const { clearing, operator, biddingEnd, settleDeadline } = await opened();
      for (const [dataClass, purpose] of [
        [23, 8],
        [32, 8],
        [24, 24],
        [24, 255],
      ] as const) {
        await expect(clearing.connect(operator).openRound(dataClass, purpose, biddingEnd, settleDeadline))
          .to.be.revertedWithCustomError(clearing, "RoundSubjectInvalid")
          .withArgs(dataClass, purpose);
      }
    });

    it("refuses times out of their bounds", async () => {
      const { clearing, operator } = await opened();
      const next = (await time.latest()) + 100;
      for (const [end, deadline] of [
        [next, next + DAY],
        [next + 30 * DAY + 1, next + 31 * DAY],
        [next + DAY, next + DAY + HOUR - 1],
        [next + DAY, next + 8 * DAY + 1],
      ] as const) {
        await time.setNextBlockTimestamp(next);
        await expect(clearing.connect(operator).openRound.staticCall(24, 8, end, deadline, { blockTag: "pending" }))
          .to.be.revertedWithCustomError(clearing, "RoundTimesInvalid")
          .withArgs(end, deadline);
      }
    });
  });

  describe("offer", () => {
    it("takes an offer at the dataset's least price, of all its records", async () => {
      const { clearing, hospital } = await opened();
      await expect(clearing.connect(hospital).offer(1, 1, coins(1), 3))
        .to.emit(clearing, "OfferMade")
        .withArgs(1, 1, 1, 0, coins(1), 3);
      const [word = 0n, ...others] = await clearing.offersOf(1);
      expect(others).to.deep.equal([]);
      const offer = { dataset: 1, institution: 1, cost: coins(1), capacity: 3 };
      expect(unpackOffer(word)).to.deep.equal(offer);
      expect(word).to.equal(packOffer(offer));
    });

    it("refuses whoever is no active institution, or not the dataset's", async () => {
      const { clearing, hospital, clinic, doctor, accountCenter, registrar } = await opened();
      await expect(clearing.connect(doctor).offer(1, 1, coins(1), 3))
        .to.be.revertedWithCustomError(clearing, "AccountRoleMismatch")
        .withArgs(doctor.address, Role.Doctor, Role.Institution);
      await expect(clearing.connect(clinic).offer(1, 1, coins(1), 3))
        .to.be.revertedWithCustomError(clearing, "DatasetNotOf")
        .withArgs(1, 2);
      await accountCenter.connect(registrar).suspend(hospital, 0);
      await expect(clearing.connect(hospital).offer(1, 1, coins(1), 3))
        .to.be.revertedWithCustomError(clearing, "AccountSuspended")
        .withArgs(hospital.address);
    });

    it("refuses a dataset that is offered, closed, or of another class or purpose", async () => {
      const { clearing, hospital, clinic, operator, datasetRegistry, biddingEnd, settleDeadline } = await opened();
      await clearing.connect(hospital).offer(1, 1, coins(1), 1);
      await expect(clearing.connect(hospital).offer(1, 1, coins(2), 1))
        .to.be.revertedWithCustomError(clearing, "DatasetAlreadyOffered")
        .withArgs(1, 1);
      await clearing.connect(operator).openRound(25, PURPOSE, biddingEnd, settleDeadline);
      await expect(clearing.connect(clinic).offer(2, 2, coins(1), 1))
        .to.be.revertedWithCustomError(clearing, "DatasetClassMismatch")
        .withArgs(2, DATA_CLASS);
      await clearing.connect(operator).openRound(DATA_CLASS, 9, biddingEnd, settleDeadline);
      await expect(clearing.connect(clinic).offer(3, 2, coins(1), 1))
        .to.be.revertedWithCustomError(clearing, "PurposeNotOffered")
        .withArgs(2, 9);
      await datasetRegistry.connect(clinic).closeDataset(2);
      await expect(clearing.connect(clinic).offer(1, 2, coins(1), 1))
        .to.be.revertedWithCustomError(clearing, "DatasetNotOpen")
        .withArgs(2);
    });

    it("refuses a cost below what creators and provider need, and a capacity that is not there", async () => {
      const { clearing, hospital } = await opened();
      await expect(clearing.connect(hospital).offer(1, 1, coins(1) - 1n, 3))
        .to.be.revertedWithCustomError(clearing, "OfferCostTooLow")
        .withArgs(coins(1) - 1n, coins(1));
      for (const capacity of [0, 4]) {
        await expect(clearing.connect(hospital).offer(1, 1, coins(1), capacity))
          .to.be.revertedWithCustomError(clearing, "OfferCapacityInvalid")
          .withArgs(capacity, 3);
      }
    });

    it("refuses the bidding's end, an unknown round and a pause", async () => {
      const { clearing, hospital, administrator, biddingEnd } = await opened();
      await expect(clearing.connect(hospital).offer(2, 1, coins(1), 3))
        .to.be.revertedWithCustomError(clearing, "RoundUnknown")
        .withArgs(2);
      await clearing.connect(administrator).pause();
      await expect(clearing.connect(hospital).offer(1, 1, coins(1), 3)).to.be.revertedWithCustomError(
        clearing,
        "EnforcedPause",
      );
      await clearing.connect(administrator).unpause();
      await time.increaseTo(biddingEnd);
      await expect(clearing.connect(hospital).offer(1, 1, coins(1), 3))
        .to.be.revertedWithCustomError(clearing, "BiddingOver")
        .withArgs(1, biddingEnd);
    });
  });

  describe("bid", () => {
    it("takes a bid with its escrow", async () => {
      const world = await opened();
      const { clearing, medicalCoin } = world;
      const [bid] = BIDS;
      const terms = bidTermsOnChain(bid);
      expect(await clearing.escrowOf(terms)).to.equal(ESCROWS[0]);
      const placed = bidFor(world, 0, bid);
      await expect(placed)
        .to.emit(clearing, "BidPlaced")
        .withArgs(1, 3, 0, [terms.alpha, terms.c, BigInt(terms.dMin), terms.maxPrice], ESCROWS[0]);
      await expect(placed).to.changeTokenBalances(
        ethers,
        medicalCoin,
        [bidderAt(world, 0), clearing],
        [-ESCROWS[0], ESCROWS[0]],
      );
      expect(await clearing.bidsOf(1)).to.deep.equal([packBid(bid)]);
      expect(unpackBid(packBid(bid))).to.deep.equal(bid);
      expect(await clearing.hasBid(1, 3)).to.equal(true);
      expect(await clearing.hasBid(1, 4)).to.equal(false);
    });

    it("takes one bid of a bidder, a researcher or a company", async () => {
      const world = await opened();
      await bidFor(world, 3, bidOf({ maxPrice: 1 }));
      expect(await world.clearing.hasBid(1, 6)).to.equal(true);
      await expect(bidFor(world, 3, bidOf()))
        .to.be.revertedWithCustomError(world.clearing, "BidderHasBid")
        .withArgs(1, 6);
    });

    it("refuses everybody else", async () => {
      const { clearing, hospital, stranger, accountCenter, registrar, researcher } = await opened();
      const terms = bidTermsOnChain(bidOf());
      await expect(clearing.connect(hospital).bid(1, terms))
        .to.be.revertedWithCustomError(clearing, "AccountRoleMismatch")
        .withArgs(hospital.address, Role.Institution, Role.Researcher);
      await expect(clearing.connect(stranger).bid(1, terms))
        .to.be.revertedWithCustomError(clearing, "AccountNotCertified")
        .withArgs(stranger.address);
      await accountCenter.connect(registrar).suspend(researcher, 0);
      await expect(clearing.connect(researcher).bid(1, terms))
        .to.be.revertedWithCustomError(clearing, "AccountSuspended")
        .withArgs(researcher.address);
    });

    it("refuses zeros, and a maximum price that no order can have", async () => {
      const world = await opened();
      const valid = bidTermsOnChain(bidOf());
      for (const wrong of [{ c: 0n }, { dMin: 0 }, { maxPrice: 0n }, { maxPrice: 2n ** 80n / 10n ** 9n + 1n }]) {
        const terms = { ...valid, ...wrong };
        await expect(clearingOf(world, 0).bid(1, terms))
          .to.be.revertedWithCustomError(world.clearing, "BidInvalid")
          .withArgs([terms.alpha, terms.c, BigInt(terms.dMin), terms.maxPrice]);
      }
    });

    it("refuses without the coin, or the allowance", async () => {
      const world = await opened();
      const { medicalCoin, clearing } = world;
      await medicalCoin.connect(bidderAt(world, 0)).approve(clearing, ESCROWS[0] - 1n);
      await expect(bidFor(world, 0, BIDS[0]))
        .to.be.revertedWithCustomError(medicalCoin, "ERC20InsufficientAllowance")
        .withArgs(await clearing.getAddress(), ESCROWS[0] - 1n, ESCROWS[0]);
      expect(await clearing.bidsOf(1)).to.deep.equal([]);
    });

    it("refuses a coin that arrives short", async () => {
      const world = await opened();
      const { consortium, administrator, dataMarket, biddingEnd, settleDeadline } = world;
      const bidder = bidderAt(world, 0);
      const coin = await ethers.deployContract("FeeTakingCoin__MockForMedicalCoin");
      await coin.getFunction("mint")(bidder, coins(10));
      const market = await ethers.deployContract("DataMarket", [
        consortium,
        world.datasetRegistry,
        await dataMarket.quoter(),
        world.consentRegistry,
        world.recordRegistry,
        world.accountCenter,
        coin,
        [...(await dataMarket.marketRules())],
      ]);
      const charging = await ethers.deployContract("MarketClearing", [consortium, market]);
      await charging.connect(administrator).openRound(DATA_CLASS, PURPOSE, biddingEnd, settleDeadline);
      await MedicalCoin__factory.connect(await coin.getAddress(), bidder).approve(charging, coins(10));
      await expect(charging.connect(bidder).bid(1, bidTermsOnChain(BIDS[0])))
        .to.be.revertedWithCustomError(charging, "EscrowShort")
        .withArgs((ESCROWS[0] * 99n) / 100n, ESCROWS[0]);
    });

    it("refuses the bidding's end, an unknown round and a pause", async () => {
      const world = await opened();
      const { clearing, administrator, biddingEnd } = world;
      await expect(clearingOf(world, 0).bid(0, bidTermsOnChain(BIDS[0])))
        .to.be.revertedWithCustomError(clearing, "RoundUnknown")
        .withArgs(0);
      await clearing.connect(administrator).pause();
      await expect(bidFor(world, 0, BIDS[0])).to.be.revertedWithCustomError(clearing, "EnforcedPause");
      await clearing.connect(administrator).unpause();
      await time.increaseTo(biddingEnd - 1);
      await expect(bidFor(world, 0, BIDS[0]))
        .to.be.revertedWithCustomError(clearing, "BiddingOver")
        .withArgs(1, biddingEnd);
    });
  });

  describe("bidWithPermit", () => {
    /** A permit of bidder 0 for the first bid's escrow, who allowed nothing before. */
    async function permitted(world: ClearingWorld) {
      const { medicalCoin, clearing } = world;
      const bidder = bidderAt(world, 0);
      await medicalCoin.connect(bidder).approve(clearing, 0);
      const deadline = (await time.latest()) + HOUR;
      const spender = await clearing.getAddress();
      const message = { owner: bidder.address, spender, value: ESCROWS[0], nonce: 0n, deadline };
      const domain = domainOf("Healthchain Medical Coin", await medicalCoin.getAddress());
      const { v, r, s } = Signature.from(await sign(bidder, domain, "Permit", message));
      const send = (wrongV: number = v) =>
        clearingOf(world, 0).bidWithPermit(1, bidTermsOnChain(BIDS[0]), deadline, wrongV, r, s);
      const front = () => medicalCoin.permit(bidder.address, spender, ESCROWS[0], deadline, v, r, s);
      return { bidder, spender, send, front, wrongV: 55 - v };
    }

    it("takes the escrow by the permit, and leaves no allowance", async () => {
      const world = await opened();
      const { bidder, spender, send } = await permitted(world);
      await expect(send()).to.changeTokenBalances(
        ethers,
        world.medicalCoin,
        [bidder, spender],
        [-ESCROWS[0], ESCROWS[0]],
      );
      expect(await world.medicalCoin.allowance(bidder, spender)).to.equal(0n);
    });

    it("does not mind that somebody else sent the permit before", async () => {
      const world = await opened();
      const { bidder, spender, send, front } = await permitted(world);
      await front();
      await expect(send()).to.changeTokenBalances(
        ethers,
        world.medicalCoin,
        [bidder, spender],
        [-ESCROWS[0], ESCROWS[0]],
      );
    });

    it("refuses a permit that is not the bidder's", async () => {
      const world = await opened();
      const { send, wrongV } = await permitted(world);
      await expect(send(wrongV)).to.be.revertedWithCustomError(world.medicalCoin, "ERC2612InvalidSigner");
      expect(await world.clearing.bidsOf(1)).to.deep.equal([]);
    });
  });

  describe("pause", () => {
    it("stops new rounds, is the pauser's alone, and leaves the clearing running", async () => {
      const world = await biddingOver();
      const { clearing, administrator, operator, stranger, settleDeadline } = world;
      for (const act of ["pause", "unpause"] as const) {
        await expect(clearing.connect(stranger)[act]())
          .to.be.revertedWithCustomError(clearing, "AccessManagedUnauthorized")
          .withArgs(stranger.address);
      }
      await expect(clearing.connect(administrator).pause()).to.emit(clearing, "Paused").withArgs(administrator.address);
      const opening = clearing.connect(operator).openRound(24, 8, settleDeadline, settleDeadline + DAY);
      await expect(opening).to.be.revertedWithCustomError(clearing, "EnforcedPause");
      await clearing.clear(1, coins(2), 3, [0, 1]);
      await clearing.settle(1, 3);
      await clearing.claimRefund(5);
      await expect(clearing.connect(administrator).unpause())
        .to.emit(clearing, "Unpaused")
        .withArgs(administrator.address);
    });
  });

  describe("limits", () => {
    /** Writes the length of a list of round 1, and its first words. */
    async function fill(world: ClearingWorld, slot: keyof typeof SLOT, length: number, words: bigint[] = []) {
      const address = await world.clearing.getAddress();
      const place = BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [1, SLOT[slot]])));
      await networkHelpers.setStorageAt(address, place, length);
      const first = BigInt(keccak256(toBeHex(place, 32)));
      for (const [i, word] of words.entries()) await networkHelpers.setStorageAt(address, first + BigInt(i), word);
    }
    /** Where the contract keeps its lists. */
    const SLOT = { offers: 3, bids: 4 } as const;

    it("has at most four offers of an institution", async () => {
      const world = await opened();
      const { clearing, hospital, clinic } = world;
      const others = [11, 12, 13, 14].map((dataset) => packOffer(offerOf(1, 1, { dataset, institution: 1 })));
      await fill(world, "offers", 4, others);
      await expect(clearing.connect(hospital).offer(1, 1, coins(1), 3))
        .to.be.revertedWithCustomError(clearing, "OffersTooMany")
        .withArgs(1, 1);
      await clearing.connect(clinic).offer(1, 2, coins(1), 2);
      expect(await clearing.offersOf(1)).to.have.length(5);
    });

    it("has at most 32 offers and 400 bids", async () => {
      const world = await opened();
      const { clearing, hospital, clinic } = world;
      await fill(world, "offers", 31);
      await clearing.connect(hospital).offer(1, 1, coins(1), 3);
      await expect(clearing.connect(clinic).offer(1, 2, coins(1), 2))
        .to.be.revertedWithCustomError(clearing, "OffersTooMany")
        .withArgs(1, 2);
      await fill(world, "bids", 399);
      await bidFor(world, 0, BIDS[0]);
      await expect(bidFor(world, 1, BIDS[1]))
        .to.be.revertedWithCustomError(clearing, "BidsTooMany")
        .withArgs(1);
    });
  });
});
