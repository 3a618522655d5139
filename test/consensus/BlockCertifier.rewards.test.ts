import { expect } from "chai";
import { parseEther, ZeroAddress } from "ethers";
import { ethers, loadFixture } from "../fixture.js";
import { SALT } from "./statements.js";
import { type Consortium, consortiumOf, REWARDS } from "./world.js";

const four = () => consortiumOf(Array(4).fill(parseEther("2000")), { voteSalt: SALT });

const asTuple = (rewards: typeof REWARDS) => [
  rewards.blockReward,
  BigInt(rewards.leaderShare),
  BigInt(rewards.minParticipation),
  BigInt(rewards.minBlocks),
];

const bounds = [
  ["leaderShare", 0, 10_000],
  ["minParticipation", 0, 5_000],
  ["minBlocks", 1, 65_535],
] as const;

const outOfBounds = [
  ["leaderShare", 10_001],
  ["leaderShare", 65_535],
  ["minParticipation", 5_001],
  ["minParticipation", 65_535],
  ["minBlocks", 0],
] as const;

describe("BlockCertifier.setRewards", () => {
  const setBy = ({ blockCertifier, consortiumOperator }: Consortium, rewards: typeof REWARDS) =>
    blockCertifier.connect(consortiumOperator).setRewards(rewards);

  it("has the deployment's rewards in force at first", async () => {
    const { blockCertifier } = await loadFixture(four);
    expect(await blockCertifier.rewards()).to.deep.equal(asTuple(REWARDS));
  });

  it("changes them for the consortium's operators", async () => {
    const world = await loadFixture(four);
    const rewards = { blockReward: 5n, leaderShare: 1, minParticipation: 2, minBlocks: 3 };
    await expect(setBy(world, rewards)).to.emit(world.blockCertifier, "RewardsSet").withArgs(asTuple(rewards));
    expect(await world.blockCertifier.rewards()).to.deep.equal(asTuple(rewards));
  });

  it("refuses everybody else", async () => {
    const { blockCertifier, stranger, administrator, certifier, institutions } = await loadFixture(four);
    for (const account of [stranger, administrator, certifier, institutions[0]?.operator ?? stranger]) {
      await expect(blockCertifier.connect(account).setRewards(REWARDS))
        .to.be.revertedWithCustomError(blockCertifier, "AccessManagedUnauthorized")
        .withArgs(account.address);
    }
  });

  it("takes each bound", async () => {
    const world = await loadFixture(four);
    for (const [name, lowest, highest] of bounds) {
      for (const value of [lowest, highest]) {
        await setBy(world, { ...REWARDS, [name]: value });
        expect((await world.blockCertifier.rewards())[name]).to.equal(value);
      }
    }
    for (const blockReward of [0n, 2n ** 96n - 1n]) {
      await setBy(world, { ...REWARDS, blockReward });
      expect((await world.blockCertifier.rewards()).blockReward).to.equal(blockReward);
    }
  });

  it("refuses what is out of bounds, and keeps the rewards in force", async () => {
    const world = await loadFixture(four);
    for (const [name, value] of outOfBounds) {
      await expect(setBy(world, { ...REWARDS, [name]: value })).to.be.revertedWithCustomError(
        world.blockCertifier,
        "RewardsInvalid",
      );
    }
    expect(await world.blockCertifier.rewards()).to.deep.equal(asTuple(REWARDS));
  });
});

describe("BlockCertifier, deployed", () => {
  it("refuses rewards out of bounds from the start", async () => {
    const { consortium, validatorRegistry, blockCertifier } = await loadFixture(four);
    const factory = await ethers.getContractFactory("BlockCertifier");
    for (const [name, value] of outOfBounds) {
      const rewards = { ...REWARDS, [name]: value };
      await expect(
        factory.deploy(await consortium.getAddress(), await validatorRegistry.getAddress(), true, SALT, rewards),
      ).to.be.revertedWithCustomError(blockCertifier, "RewardsInvalid");
    }
  });

  it("mints the coin of its validator registry, follows the schedule if told so, and has settled nothing", async () => {
    const { blockCertifier, validatorRegistry, medicalCoin } = await loadFixture(four);
    expect(await blockCertifier.validatorRegistry()).to.equal(await validatorRegistry.getAddress());
    expect(await blockCertifier.medicalCoin()).to.equal(await medicalCoin.getAddress());
    expect(await blockCertifier.followsSchedule()).to.equal(true);
    expect(await blockCertifier.settledEpoch()).to.equal(0);
    expect(await blockCertifier.successor()).to.equal(ZeroAddress);
  });

  it("has a successor for the consortium's operators to name", async () => {
    const { blockCertifier, validatorRegistry, consortiumOperator, stranger } = await loadFixture(four);
    await expect(blockCertifier.connect(stranger).setSuccessor(validatorRegistry))
      .to.be.revertedWithCustomError(blockCertifier, "AccessManagedUnauthorized")
      .withArgs(stranger.address);
    await blockCertifier.connect(consortiumOperator).setSuccessor(validatorRegistry);
    expect(await blockCertifier.successor()).to.equal(await validatorRegistry.getAddress());
  });

  it("alone may reward, jail and slash", async () => {
    const { validatorRegistry, consortiumOperator, administrator, stranger, blockCertifier } = await loadFixture(four);
    const registry = await ethers.getImpersonatedSigner(await blockCertifier.getAddress());
    for (const account of [consortiumOperator, administrator, stranger]) {
      const attempts = [
        validatorRegistry.connect(account).reward(1, [1], [1n]),
        validatorRegistry.connect(account).jail(1),
        validatorRegistry.connect(account).slash(1, 1),
      ];
      for (const attempt of attempts) {
        await expect(attempt)
          .to.be.revertedWithCustomError(validatorRegistry, "AccessManagedUnauthorized")
          .withArgs(account.address);
      }
    }
    expect(await validatorRegistry.connect(registry).jail.staticCall(1)).to.equal(true);
  });
});
