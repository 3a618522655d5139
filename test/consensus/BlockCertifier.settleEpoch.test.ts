import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { parseEther } from "ethers";
import { ethers, loadFixture, networkHelpers } from "../fixture.js";
import { confirm, electedOf, endEpoch, leadersOf, type Seating, seatAt, seatingOf, skipTo } from "./certificates.js";
import { COMMISSION, type Consortium, consortiumOf, elect, institutionOf, REWARDS } from "./world.js";

const COINS = parseEther("2000");
const BASIS_POINTS = 10_000n;
const stakes = [1n, 2n, 3n, 4n, 5n, 7n].map((share) => share * COINS);
const six = () => electedOf(stakes);
const sixUnelected = () => consortiumOf(stakes);
const all = [0, 1, 2, 3, 4, 5];

/** Epoch 1 has had 40 blocks, and epoch 2 has begun; nothing is confirmed. */
const firstOver = async () => {
  const world = await six();
  await endEpoch(world, 40);
  return world;
};
const confirmedWithQuota = async (certifierQuota: bigint) => {
  const world = await electedOf(stakes, { certifierQuota });
  await endEpoch(world, 40);
  await confirmEpoch(world, 1, all);
  return world;
};
const SMALL_QUOTA = parseEther("10") + 7n;
const withoutQuota = () => confirmedWithQuota(0n);
const withSmallQuota = () => confirmedWithQuota(SMALL_QUOTA);

/** Confirms an epoch that is over: its first blocks by these signers, the rest by all. */
async function confirmEpoch(world: Consortium, epoch: number, signers: readonly number[], blocks?: number) {
  const { firstBlock } = await seatingOf(world, epoch);
  const last = (await seatingOf(world, epoch + 1)).firstBlock - 1;
  await confirm(world, { epoch, height: blocks === undefined ? last : firstBlock + blocks - 1, signers });
  if (blocks !== undefined) await confirm(world, { epoch, height: last });
}

/** What each seat of an epoch earns by the rules, from who led and who signed how many blocks. */
function earningsOf(
  { seats, total }: Seating,
  leaders: readonly bigint[],
  signed: readonly number[],
  blockReward = REWARDS.blockReward,
): bigint[] {
  const leaderReward = (blockReward * BigInt(REWARDS.leaderShare)) / BASIS_POINTS;
  return seats.map(({ power }, seat) => {
    const led = leaders.filter((leader) => Number(leader & 0xffn) === seat).length;
    return BigInt(led) * leaderReward + (BigInt(signed[seat] ?? 0) * (blockReward - leaderReward) * power) / total;
  });
}

const sumOf = (amounts: readonly bigint[]) => amounts.reduce((sum, amount) => sum + amount, 0n);

/** What the operators can claim, delegators' parts not among them. */
async function claimable({ validatorRegistry, institutions }: Consortium): Promise<bigint[]> {
  return Promise.all(
    institutions.map(({ candidate, operator }) => validatorRegistry.rewardsOf(candidate, operator.address)),
  );
}

describe("BlockCertifier.settleEpoch", () => {
  it("refuses before the first election", async () => {
    const { blockCertifier, validatorRegistry } = await loadFixture(sixUnelected);
    await expect(blockCertifier.settleEpoch())
      .to.be.revertedWithCustomError(validatorRegistry, "EpochUnknown")
      .withArgs(1);
    expect(await blockCertifier.settledEpoch()).to.equal(0);
  });

  it("refuses an epoch that lasts, however far it is confirmed", async () => {
    const world = await loadFixture(six);
    await networkHelpers.mine();
    await confirm(world);
    await expect(world.blockCertifier.settleEpoch())
      .to.be.revertedWithCustomError(world.blockCertifier, "EpochNotConfirmed")
      .withArgs(1, 2n ** 256n - 2n);
  });

  it("refuses an epoch whose last block is not confirmed", async () => {
    const world = await loadFixture(firstOver);
    const { blockCertifier } = world;
    const last = (await seatingOf(world)).firstBlock - 1;
    const refused = () =>
      expect(blockCertifier.settleEpoch())
        .to.be.revertedWithCustomError(blockCertifier, "EpochNotConfirmed")
        .withArgs(1, last);
    await refused();
    await confirm(world, { epoch: 1, height: last - 1 });
    await refused();
    await confirm(world, { epoch: 1, height: last });
    await blockCertifier.settleEpoch();
    expect(await blockCertifier.settledEpoch()).to.equal(1);
  });

  it("pays leaders and signers what the model says, to the wei, and mints that", async () => {
    const world = await loadFixture(firstOver);
    const { blockCertifier, validatorRegistry, medicalCoin, stranger } = world;
    const seating = await seatingOf(world, 1);
    await confirmEpoch(world, 1, [0, 2, 3, 4, 5], 11);
    const leaders = leadersOf(seating, seating.firstBlock, seating.firstBlock + 39);
    const expected = earningsOf(seating, leaders, [40, 29, 40, 40, 40, 40]);
    const minted = sumOf(expected);
    const supply = await medicalCoin.totalSupply();
    const held = await medicalCoin.balanceOf(validatorRegistry);

    expect(await blockCertifier.connect(stranger).settleEpoch.staticCall()).to.equal(1);
    const settlement = await blockCertifier.connect(stranger).settleEpoch();
    await expect(settlement).to.emit(blockCertifier, "EpochSettled").withArgs(1, 40, minted);
    for (const [seat, amount] of expected.entries()) {
      await expect(settlement)
        .to.emit(validatorRegistry, "Rewarded")
        .withArgs(seatAt(seating, seat).candidate, 1, amount, (amount * BigInt(COMMISSION)) / BASIS_POINTS);
    }
    expect(await medicalCoin.totalSupply()).to.equal(supply + minted);
    expect(await medicalCoin.balanceOf(validatorRegistry)).to.equal(held + minted);
    expect((await medicalCoin.emissionOf(blockCertifier)).minted).to.equal(minted);
    expect(minted).to.be.lessThan(40n * REWARDS.blockReward);
  });

  it("mints a block's whole reward where all signed, but for what is rounded", async () => {
    const world = await loadFixture(firstOver);
    await confirmEpoch(world, 1, all);
    await world.blockCertifier.settleEpoch();
    const { minted } = await world.medicalCoin.emissionOf(world.blockCertifier);
    expect(40n * REWARDS.blockReward - minted).to.be.within(0n, 6n);
  });

  it("mints what delegators and operators can claim, and they claim it", async () => {
    const world = await loadFixture(six);
    const { blockCertifier, validatorRegistry, medicalCoin, delegator, institutions } = world;
    await validatorRegistry.connect(delegator).delegate(6, 3n * COINS, 0);
    await validatorRegistry.connect(delegator).delegate(1, 5n * COINS, 0);
    await endEpoch(world, 60);
    await confirmEpoch(world, 1, [1, 3, 4, 5], 20);
    const held = await medicalCoin.balanceOf(validatorRegistry);
    await blockCertifier.settleEpoch();
    const { minted } = await medicalCoin.emissionOf(blockCertifier);
    const ofDelegator = await Promise.all([1, 6].map((n) => validatorRegistry.rewardsOf(n, delegator.address)));
    const ofOperators = await claimable(world);
    // A pool keeps its reward per wei of stake in multiples of 2^-64.
    const rounding = (sumOf(stakes) + 8n * COINS) / 2n ** 64n + 12n;
    expect(minted - sumOf(ofOperators) - sumOf(ofDelegator)).to.be.within(0n, rounding);

    for (const { candidate, operator } of institutions) {
      await expect(validatorRegistry.connect(operator).claimRewards(candidate)).to.changeTokenBalance(
        ethers,
        medicalCoin,
        operator.address,
        ofOperators[candidate - 1],
      );
    }
    for (const [index, candidate] of [1, 6].entries()) {
      await expect(validatorRegistry.connect(delegator).claimRewards(candidate)).to.changeTokenBalance(
        ethers,
        medicalCoin,
        delegator.address,
        ofDelegator[index],
      );
    }
    expect((await medicalCoin.balanceOf(validatorRegistry)) - held).to.be.within(0n, rounding);
  });

  it("settles the epochs in their order, each once", async () => {
    const world = await loadFixture(firstOver);
    const { blockCertifier } = world;
    await endEpoch(world, 30);
    await confirmEpoch(world, 1, all);
    await expect(blockCertifier.settleEpoch()).to.emit(blockCertifier, "EpochSettled").withArgs(1, 40, anyValue);
    const last = (await seatingOf(world)).firstBlock - 1;
    await expect(blockCertifier.settleEpoch())
      .to.be.revertedWithCustomError(blockCertifier, "EpochNotConfirmed")
      .withArgs(2, last);
    await confirmEpoch(world, 2, all);
    await expect(blockCertifier.settleEpoch()).to.emit(blockCertifier, "EpochSettled").withArgs(2, 30, anyValue);
    await expect(blockCertifier.settleEpoch())
      .to.be.revertedWithCustomError(blockCertifier, "EpochNotConfirmed")
      .withArgs(3, 2n ** 256n - 2n);
    expect(await blockCertifier.settledEpoch()).to.equal(2);
  });

  it("settles several epochs that were confirmed before", async () => {
    const world = await loadFixture(firstOver);
    const { blockCertifier, medicalCoin } = world;
    await endEpoch(world, 20);
    await confirmEpoch(world, 1, all);
    await confirmEpoch(world, 2, all);
    await blockCertifier.settleEpoch();
    await blockCertifier.settleEpoch();
    const { minted } = await medicalCoin.emissionOf(blockCertifier);
    expect(60n * REWARDS.blockReward - minted).to.be.within(0n, 12n);
  });

  it("settles an epoch that had the set of the one before", async () => {
    const world = await loadFixture(firstOver);
    const { blockCertifier, validatorRegistry, institutions } = world;
    for (const { candidate, operator } of institutions.slice(0, 3))
      await validatorRegistry.connect(operator).resign(candidate);
    await elect(world);
    await networkHelpers.mine();
    await elect(world);
    await confirmEpoch(world, 1, all);
    await confirmEpoch(world, 2, all);
    await confirmEpoch(world, 3, all);
    for (let epoch = 1; epoch <= 3; epoch += 1) await blockCertifier.settleEpoch();
    expect(await blockCertifier.settledEpoch()).to.equal(3);
  });

  it("pays by the rewards in force when it is called", async () => {
    const world = await loadFixture(firstOver);
    const { blockCertifier, consortiumOperator, medicalCoin } = world;
    const seating = await seatingOf(world, 1);
    await confirmEpoch(world, 1, all);
    await blockCertifier.connect(consortiumOperator).setRewards({ ...REWARDS, blockReward: 7n, leaderShare: 10_000 });
    await blockCertifier.settleEpoch();
    const leaders = leadersOf(seating, seating.firstBlock, seating.firstBlock + 39);
    expect(leaders).to.have.length(40);
    expect((await medicalCoin.emissionOf(blockCertifier)).minted).to.equal(40n * 7n);
  });

  it("counts 65,535 blocks at most", async () => {
    const world = await loadFixture(six);
    await endEpoch(world, 65_540);
    await skipTo(world, (await seatingOf(world)).firstBlock - 1);
    await expect(world.blockCertifier.settleEpoch())
      .to.emit(world.blockCertifier, "EpochSettled")
      .withArgs(1, 65_535, 0);
  });
});

describe("BlockCertifier.settleEpoch, the emission", () => {
  it("shares out what is left of the quota where that is less than the rewards", async () => {
    const world = await loadFixture(withSmallQuota);
    const { blockCertifier, medicalCoin } = world;
    const seating = await seatingOf(world, 1);
    const leaders = leadersOf(seating, seating.firstBlock, seating.firstBlock + 39);
    const expected = sumOf(earningsOf(seating, leaders, Array(6).fill(40), SMALL_QUOTA / 40n));
    await expect(blockCertifier.settleEpoch()).to.emit(blockCertifier, "EpochSettled").withArgs(1, 40, expected);
    expect(SMALL_QUOTA - expected).to.be.within(0n, 60n);

    await endEpoch(world, 45);
    await confirmEpoch(world, 2, all);
    await expect(blockCertifier.settleEpoch()).to.emit(blockCertifier, "EpochSettled").withArgs(2, 45, anyValue);
    expect((await medicalCoin.emissionOf(blockCertifier)).minted).to.be.within(expected, SMALL_QUOTA);
  });

  it("pays nothing without a quota, and settles all the same", async () => {
    const world = await loadFixture(withoutQuota);
    const { blockCertifier, medicalCoin } = world;
    const supply = await medicalCoin.totalSupply();
    await expect(blockCertifier.settleEpoch()).to.emit(blockCertifier, "EpochSettled").withArgs(1, 40, 0);
    expect(await medicalCoin.totalSupply()).to.equal(supply);
    expect(await claimable(world)).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n]);
  });

  it("pays nothing once the consortium has ended it", async () => {
    const world = await loadFixture(withSmallQuota);
    const { blockCertifier, medicalCoin, consortiumOperator } = world;
    await medicalCoin.connect(consortiumOperator).endEmission(blockCertifier);
    await expect(blockCertifier.settleEpoch()).to.emit(blockCertifier, "EpochSettled").withArgs(1, 40, 0);
  });
});

describe("BlockCertifier.settleEpoch, who was down", () => {
  /** Epoch 1 with so many blocks, of which the first seat signed so many; settled. */
  async function settledWith(world: Consortium, blocks: number, signed: number) {
    const { firstBlock } = await seatingOf(world);
    await endEpoch(world, blocks);
    if (signed > 0) await confirm(world, { epoch: 1, height: firstBlock + signed - 1 });
    const last = (await seatingOf(world, 2)).firstBlock - 1;
    await confirm(world, { epoch: 1, height: last, signers: [1, 2, 3, 4, 5] });
    return world.blockCertifier.settleEpoch();
  }
  const JAILED = 3n;
  const statusOf = async ({ validatorRegistry }: Consortium, candidate: number) =>
    (await validatorRegistry.candidacyOf(candidate)).status;

  it("is who signed fewer than a fifth of the blocks: one below the rule is jailed", async () => {
    const world = await loadFixture(six);
    const settlement = await settledWith(world, 50, 9);
    const until = (await networkHelpers.time.latest()) + 7_200;
    await expect(settlement).to.emit(world.validatorRegistry, "CandidateJailed").withArgs(1, until);
    expect(await statusOf(world, 1)).to.equal(JAILED);
    for (const candidate of [2, 3, 4, 5, 6]) expect(await statusOf(world, candidate)).to.not.equal(JAILED);
    expect(await world.validatorRegistry.rewardsOf(1, institutionOf(world, 0).operator)).to.be.greaterThan(0n);
  });

  it("is not who signed just as many as the rule asks", async () => {
    const world = await loadFixture(six);
    await expect(settledWith(world, 50, 10)).to.not.emit(world.validatorRegistry, "CandidateJailed");
  });

  it("is unknown after an epoch with one block fewer than the least", async () => {
    const world = await loadFixture(six);
    await expect(settledWith(world, 9, 0)).to.not.emit(world.validatorRegistry, "CandidateJailed");
  });

  it("is known after an epoch with the least number of blocks", async () => {
    const world = await loadFixture(six);
    await expect(settledWith(world, 10, 0))
      .to.emit(world.validatorRegistry, "CandidateJailed")
      .withArgs(1, anyValue);
  });

  it("is not jailed where the rule asks for nothing", async () => {
    const world = await loadFixture(six);
    const { blockCertifier, consortiumOperator, validatorRegistry } = world;
    await blockCertifier.connect(consortiumOperator).setRewards({ ...REWARDS, minParticipation: 0 });
    await expect(settledWith(world, 50, 0)).to.not.emit(validatorRegistry, "CandidateJailed");
  });

  it("is jailed as well if it has resigned meanwhile", async () => {
    const world = await loadFixture(six);
    const { validatorRegistry } = world;
    const { candidate, operator } = institutionOf(world, 0);
    await validatorRegistry.connect(operator).resign(candidate);
    await expect(settledWith(world, 50, 0))
      .to.emit(validatorRegistry, "CandidateJailed")
      .withArgs(candidate, anyValue);
    expect(await statusOf(world, candidate)).to.equal(JAILED);
  });

  it("is not jailed again while it is in jail", async () => {
    const world = await loadFixture(six);
    const { blockCertifier, validatorRegistry } = world;
    await settledWith(world, 50, 0);
    const { jailedUntil } = await validatorRegistry.candidacyOf(1);
    await endEpoch(world, 20);
    await confirm(world, { epoch: 2, height: (await seatingOf(world)).firstBlock - 1, signers: [1, 2, 3, 4, 5] });
    await expect(blockCertifier.settleEpoch()).to.not.emit(validatorRegistry, "CandidateJailed");
    expect((await validatorRegistry.candidacyOf(1)).jailedUntil).to.equal(jailedUntil);
  });

  it("may be several validators, as long as a quorum was up", async () => {
    const world = await loadFixture(six);
    await endEpoch(world, 50);
    await confirm(world, { epoch: 1, height: (await seatingOf(world)).firstBlock - 1, signers: [2, 3, 4, 5] });
    await world.blockCertifier.settleEpoch();
    const statuses = await Promise.all([1, 2, 3, 4, 5, 6].map((candidate) => statusOf(world, candidate)));
    expect(statuses).to.deep.equal([JAILED, JAILED, 1n, 1n, 1n, 1n]);
  });
});

describe("BlockCertifier.settleEpoch, a validator that was slashed", () => {
  it("earns nothing, and its part is not minted", async () => {
    const world = await loadFixture(firstOver);
    const { blockCertifier, validatorRegistry, medicalCoin, certifier } = world;
    const seating = await seatingOf(world, 1);
    await confirmEpoch(world, 1, all);
    const { candidate, operator } = institutionOf(world, 3);
    await validatorRegistry.connect(certifier).slash(candidate, 1);
    const held = await medicalCoin.balanceOf(validatorRegistry);
    const leaders = leadersOf(seating, seating.firstBlock, seating.firstBlock + 39);
    const earnings = earningsOf(seating, leaders, Array(6).fill(40));
    const minted = sumOf(earnings) - (earnings[3] ?? 0n);
    await expect(blockCertifier.settleEpoch()).to.emit(blockCertifier, "EpochSettled").withArgs(1, 40, minted);
    expect(await validatorRegistry.rewardsOf(candidate, operator)).to.equal(0n);
    expect(await medicalCoin.balanceOf(validatorRegistry)).to.equal(held + minted);
  });

  it("stays so if it was down as well", async () => {
    const world = await loadFixture(firstOver);
    const { blockCertifier, validatorRegistry, certifier } = world;
    await confirmEpoch(world, 1, [1, 2, 3, 4, 5], 39);
    const { candidate } = institutionOf(world, 0);
    await validatorRegistry.connect(certifier).slash(candidate, 1);
    await expect(blockCertifier.settleEpoch()).to.not.emit(validatorRegistry, "CandidateJailed");
    expect((await validatorRegistry.candidacyOf(candidate)).status).to.equal(4n);
  });
});

describe("BlockCertifier.settleEpoch, epochs whose sets are not kept any more", () => {
  it("passes over them without pay, and pays the first that is kept", async () => {
    const world = await loadFixture(six);
    const { blockCertifier, validatorRegistry, medicalCoin } = world;
    await elect(world, 66);
    expect(await validatorRegistry.oldestEpoch()).to.equal(4);
    const supply = await medicalCoin.totalSupply();
    for (const epoch of [1, 2, 3]) {
      await expect(blockCertifier.settleEpoch()).to.emit(blockCertifier, "EpochSettled").withArgs(epoch, 0, 0);
    }
    expect(await medicalCoin.totalSupply()).to.equal(supply);
    const last = (await seatingOf(world, 5)).firstBlock - 1;
    await expect(blockCertifier.settleEpoch())
      .to.be.revertedWithCustomError(blockCertifier, "EpochNotConfirmed")
      .withArgs(4, last);
    await confirm(world, { epoch: 4, height: last });
    await expect(blockCertifier.settleEpoch()).to.emit(blockCertifier, "EpochSettled").withArgs(4, 1, anyValue);
    expect(await medicalCoin.totalSupply()).to.be.greaterThan(supply);
  });

  it("jails nobody for them", async () => {
    const world = await loadFixture(six);
    await networkHelpers.mine(30);
    await elect(world, 65);
    await expect(world.blockCertifier.settleEpoch()).to.not.emit(world.validatorRegistry, "CandidateJailed");
  });
});
