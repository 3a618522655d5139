import { expect } from "chai";
import { ethers, loadFixture } from "../fixture.js";
import { CandidateStatus, coins, consortiumOf, elect, institutionOf, RULES } from "./world.js";

/**
 * Candidate 1 has 3,072 coins of its own and 1,024 of the delegator, so that a reward divides without a rest, and a commission of
 * 10 %; epoch 1 has begun.
 */
async function delegated() {
  const world = await consortiumOf([3_072, 2_500, 2_000, 1_500].map(coins));
  const { validatorRegistry: registry, medicalCoin, consortiumOperator, certifier, delegator } = world;
  await registry.connect(delegator).delegate(1, coins(1_024), 0);
  await elect(world);
  /** Rewards as the certifier does: the coin comes with it. */
  const reward = async (amount: bigint, candidate = 1, epoch = 1) => {
    await medicalCoin.connect(consortiumOperator).mint(registry, amount);
    return registry.connect(certifier).reward(epoch, [candidate], [amount]);
  };
  return { ...world, world, registry, reward, first: institutionOf(world, 0).operator };
}

describe("ValidatorRegistry: reward", () => {
  it("shares by stake, after the operator's commission", async () => {
    const { registry, reward, first, delegator, colleague } = await loadFixture(delegated);
    await expect(reward(coins(100)))
      .to.emit(registry, "Rewarded")
      .withArgs(1, 1, coins(100), coins(10));
    expect(await registry.rewardsOf(1, delegator)).to.equal(coins(90) / 4n);
    expect(await registry.rewardsOf(1, first)).to.equal(coins(10) + (coins(90) * 3n) / 4n);
    expect(await registry.rewardsOf(1, colleague)).to.equal(0);
    expect(await registry.rewardsOf(2, first)).to.equal(0);
    expect((await registry.poolOf(1)).rewardPerStake).to.equal((coins(90) << 64n) / coins(4_096));
  });

  it("returns what it credited, and takes several at once", async () => {
    const { registry, certifier } = await loadFixture(delegated);
    const certifying = registry.connect(certifier);
    expect(await certifying.reward.staticCall(1, [1, 2, 3], [5n, 6n, 7n])).to.equal(18);
    expect(await certifying.reward.staticCall(1, [], [])).to.equal(0);
    const sent = certifying.reward(1, [2, 1], [200n, 0n]);
    await expect(sent).to.emit(registry, "Rewarded").withArgs(2, 1, 200, 20);
    await expect(sent).to.emit(registry, "Rewarded").withArgs(1, 1, 0, 0);
  });

  it("passes over who is tombstoned, and who never stood", async () => {
    const { registry, certifier } = await loadFixture(delegated);
    await registry.connect(certifier).slash(2, 1);
    expect(await registry.connect(certifier).reward.staticCall(1, [1, 2, 9, 0, 3], [5n, 6n, 7n, 8n, 9n])).to.equal(14);
    await expect(registry.connect(certifier).reward(1, [2, 9, 0], [6n, 7n, 8n])).not.to.emit(registry, "Rewarded");
    expect(await registry.rewardsOf(9, ethers.ZeroAddress)).to.equal(0);
  });

  it("pays who is in jail or has resigned: the work was done before", async () => {
    const { world, registry, reward, certifier, first } = await loadFixture(delegated);
    await registry.connect(first).resign(1);
    await registry.connect(certifier).jail(2);
    await reward(coins(40), 1);
    await reward(coins(40), 2);
    expect(await registry.rewardsOf(1, first)).to.equal(coins(4) + coins(27));
    expect(await registry.rewardsOf(2, institutionOf(world, 1).operator)).to.be.closeTo(coins(40), 200n);
  });

  it("passes over who has nothing at stake any more", async () => {
    const { registry, first, delegator, certifier } = await loadFixture(delegated);
    await registry.connect(delegator).undelegate(1, coins(1_024), 0);
    await registry.connect(first).undelegate(1, coins(3_072), 0);
    expect(await registry.connect(certifier).reward.staticCall(1, [1, 2], [5n, 6n])).to.equal(6);
    await expect(registry.connect(certifier).reward(1, [1], [5n])).not.to.emit(registry, "Rewarded");
    expect(await registry.rewardsOf(1, first)).to.equal(0);
    expect(await registry.poolOf(1)).to.deep.equal([0, 0]);
  });

  it("loses less than a wei for each owner in divisions, and pays nobody too much", async () => {
    const { registry, reward, first, delegator, colleague } = await loadFixture(delegated);
    await registry.connect(colleague).delegate(1, 7n, 0);
    for (const amount of [1n, 2n, 3n, 10n, 19n, 999_999_999_999_999_999n]) await reward(amount);
    const owners = [first, delegator, colleague];
    const earned = await Promise.all(owners.map((owner) => registry.rewardsOf(1, owner)));
    const sum = earned.reduce((total, amount) => total + amount, 0n);
    const paid = 1_000_000_000_000_000_034n;
    expect(sum <= paid).to.equal(true);
    // 2^-64 of every wei at stake may get lost with each reward, and a wei with each owner.
    expect(paid - sum <= 6n * (1n + (coins(4_096) >> 64n)) + 3n).to.equal(true);
  });

  it("stays right with all the coin there is on a single wei, and as little on all of it", async () => {
    const { registry, reward, first, delegator, colleague } = await loadFixture(delegated);
    await registry.connect(delegator).undelegate(1, coins(1_024) - 1n, 0);
    await registry.connect(first).undelegate(1, coins(3_072), 0);
    await reward(coins(800_000_000));
    expect(await registry.rewardsOf(1, delegator)).to.equal(coins(720_000_000));
    await registry.connect(first).delegate(1, coins(900_000), 0);
    expect(await registry.rewardsOf(1, first)).to.equal(coins(80_000_000));
    await reward(coins(10));
    expect(await registry.rewardsOf(1, first)).to.be.closeTo(coins(80_000_010), 10n ** 5n);
    expect(await registry.rewardsOf(1, colleague)).to.equal(0);
  });

  it("is for the certifier only", async () => {
    const { registry, administrator, consortiumOperator, first, stranger } = await loadFixture(delegated);
    for (const caller of [administrator, consortiumOperator, first, stranger]) {
      await expect(registry.connect(caller).reward(1, [1], [1n]))
        .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});

describe("ValidatorRegistry: rewards of a changing position", () => {
  it("are of the stake at the time", async () => {
    const { registry, reward, delegator, colleague } = await loadFixture(delegated);
    await reward(coins(40));
    await registry.connect(colleague).delegate(1, coins(4_096), 0);
    expect(await registry.rewardsOf(1, colleague)).to.equal(0);
    await reward(coins(40));
    expect(await registry.rewardsOf(1, delegator)).to.equal(coins(9) + coins(4.5));
    expect(await registry.rewardsOf(1, colleague)).to.equal(coins(18));
    await registry.connect(colleague).undelegate(1, coins(4_096), 0);
    await reward(coins(40));
    expect(await registry.rewardsOf(1, colleague)).to.equal(coins(18));
    expect(await registry.rewardsOf(1, delegator)).to.equal(coins(22.5));
  });

  it("stay with the candidate that earned them, when the stake moves on", async () => {
    const { registry, reward, delegator } = await loadFixture(delegated);
    await reward(coins(40));
    await registry.connect(delegator).redelegate(1, 2, coins(1_024), 0, 0);
    await reward(coins(40));
    expect(await registry.rewardsOf(1, delegator)).to.equal(coins(9));
    expect(await registry.rewardsOf(2, delegator)).to.equal(0);
    await reward(coins(35.24), 2);
    expect(await registry.rewardsOf(2, delegator)).to.be.closeTo(coins(9.216), 200n);
  });

  it("are not slashed", async () => {
    const { registry, reward, delegator, certifier, medicalCoin } = await loadFixture(delegated);
    await reward(coins(40));
    await registry.connect(certifier).slash(1, 1);
    expect(await registry.rewardsOf(1, delegator)).to.equal(coins(9));
    await expect(registry.connect(delegator).claimRewards(1)).to.changeTokenBalance(
      ethers,
      medicalCoin,
      delegator,
      coins(9),
    );
  });
});

describe("ValidatorRegistry: claimRewards", () => {
  it("pays all that was earned, once", async () => {
    const { registry, reward, delegator, medicalCoin } = await loadFixture(delegated);
    await reward(coins(40));
    expect(await registry.connect(delegator).claimRewards.staticCall(1)).to.equal(coins(9));
    const sent = registry.connect(delegator).claimRewards(1);
    await expect(sent).to.changeTokenBalances(ethers, medicalCoin, [delegator, registry], [coins(9), -coins(9)]);
    await expect(sent).to.emit(registry, "RewardsClaimed").withArgs(delegator.address, 1, coins(9));
    const again = registry.connect(delegator).claimRewards(1);
    await expect(again).to.changeTokenBalance(ethers, medicalCoin, delegator, 0);
    await expect(again).not.to.emit(registry, "RewardsClaimed");
    expect(await registry.stakeOf(1, delegator)).to.equal(coins(1_024));
  });

  it("pays the operator commission and rewards in one", async () => {
    const { registry, reward, first, medicalCoin } = await loadFixture(delegated);
    await reward(coins(40));
    await expect(registry.connect(first).claimRewards(1)).to.changeTokenBalance(
      ethers,
      medicalCoin,
      first,
      coins(4) + coins(27),
    );
    expect(await registry.rewardsOf(1, first)).to.equal(0);
  });

  it("pays what was earned before and after a claim, and nothing twice", async () => {
    const { registry, reward, delegator, medicalCoin } = await loadFixture(delegated);
    await reward(coins(40));
    await registry.connect(delegator).delegate(1, coins(4_096), 0);
    await registry.connect(delegator).claimRewards(1);
    await reward(coins(40));
    await expect(registry.connect(delegator).claimRewards(1)).to.changeTokenBalance(
      ethers,
      medicalCoin,
      delegator,
      coins(22.5),
    );
  });

  it("pays nothing to who has nothing there, whatever the number", async () => {
    const { registry, reward, stranger, medicalCoin } = await loadFixture(delegated);
    await reward(coins(40));
    for (const candidate of [0, 1, 2, 99]) {
      await expect(registry.connect(stranger).claimRewards(candidate)).to.changeTokenBalance(
        ethers,
        medicalCoin,
        stranger,
        0,
      );
    }
  });

  it("pays who has left", async () => {
    const { registry, reward, delegator, medicalCoin } = await loadFixture(delegated);
    await reward(coins(40));
    await registry.connect(delegator).undelegate(1, coins(1_024), 0);
    await expect(registry.connect(delegator).claimRewards(1)).to.changeTokenBalance(
      ethers,
      medicalCoin,
      delegator,
      coins(9),
    );
  });

  it("costs the same, however many others there are", async () => {
    const { registry, reward, delegator, first } = await loadFixture(delegated);
    const gasOfClaim = async (): Promise<bigint> => {
      await reward(coins(40));
      const receipt = await (await registry.connect(delegator).claimRewards(1)).wait();
      return receipt?.gasUsed ?? 0n;
    };
    await gasOfClaim();
    const alone = await gasOfClaim();
    for (const other of (await ethers.getSigners()).slice(8, 16)) {
      const coin = await ethers.getContractAt("MedicalCoin", await registry.medicalCoin());
      await coin.connect(first).transfer(other, coins(10));
      await coin.connect(other).approve(registry, coins(10));
      await registry.connect(other).delegate(1, coins(10), 0);
    }
    expect(await gasOfClaim()).to.be.closeTo(alone, 100n);
  });
});

describe("ValidatorRegistry: announceCommission", () => {
  it("takes effect with the notice", async () => {
    const { world, registry, reward, first } = await loadFixture(delegated);
    await expect(registry.connect(first).announceCommission(1, 2_000))
      .to.emit(registry, "CommissionAnnounced")
      .withArgs(1, 2_000, 3);
    expect(await registry.candidacyOf(1)).to.deep.equal([CandidateStatus.Standing, 1_000, 2_000, 3, 0, 0, 0]);
    await elect(world, 3);
    for (const [epoch, commission] of [
      [1, 100n],
      [2, 100n],
      [3, 200n],
      [4, 200n],
    ] as const) {
      await expect(reward(1_000n, 1, epoch))
        .to.emit(registry, "Rewarded")
        .withArgs(1, epoch, 1_000, commission);
    }
  });

  it("can be replaced before it takes effect, and the notice begins anew", async () => {
    const { world, registry, reward, first } = await loadFixture(delegated);
    await registry.connect(first).announceCommission(1, 2_000);
    await elect(world);
    await registry.connect(first).announceCommission(1, 0);
    expect(await registry.candidacyOf(1)).to.deep.equal([CandidateStatus.Standing, 1_000, 0, 4, 0, 0, 0]);
    await elect(world, 2);
    await expect(reward(1_000n, 1, 3))
      .to.emit(registry, "Rewarded")
      .withArgs(1, 3, 1_000, 100);
    await expect(reward(1_000n, 1, 4))
      .to.emit(registry, "Rewarded")
      .withArgs(1, 4, 1_000, 0);
  });

  it("waits in the epoch in which another takes effect, whose predecessor is still to be paid", async () => {
    const { world, registry, reward, first } = await loadFixture(delegated);
    await registry.connect(first).announceCommission(1, 2_000);
    await elect(world, 2);
    await expect(registry.connect(first).announceCommission(1, 500))
      .to.be.revertedWithCustomError(registry, "CommissionChanging")
      .withArgs(3);
    await expect(reward(1_000n, 1, 2))
      .to.emit(registry, "Rewarded")
      .withArgs(1, 2, 1_000, 100);
    await elect(world);
    await registry.connect(first).announceCommission(1, 500);
    expect(await registry.candidacyOf(1)).to.deep.equal([CandidateStatus.Standing, 2_000, 500, 6, 0, 0, 0]);
    await expect(reward(1_000n, 1, 3))
      .to.emit(registry, "Rewarded")
      .withArgs(1, 3, 1_000, 200);
  });

  it("does not wait when the other changes nothing", async () => {
    const { world, registry, first } = await loadFixture(delegated);
    await registry.connect(first).announceCommission(1, 1_000);
    await elect(world, 2);
    await registry.connect(first).announceCommission(1, 500);
  });

  it("takes the cap, and nothing above; a lower cap leaves what was announced", async () => {
    const { world, registry, reward, first, consortiumOperator } = await loadFixture(delegated);
    await expect(registry.connect(first).announceCommission(1, 2_001))
      .to.be.revertedWithCustomError(registry, "CommissionTooHigh")
      .withArgs(2_001, 2_000);
    await registry.connect(first).announceCommission(1, 2_000);
    await registry.connect(consortiumOperator).setRules({ ...RULES, maxCommission: 0 });
    await elect(world, 2);
    await expect(reward(1_000n, 1, 3))
      .to.emit(registry, "Rewarded")
      .withArgs(1, 3, 1_000, 200);
    await elect(world);
    await expect(registry.connect(first).announceCommission(1, 1))
      .to.be.revertedWithCustomError(registry, "CommissionTooHigh")
      .withArgs(1, 0);
    await registry.connect(first).announceCommission(1, 0);
  });

  it("is for the operator only, also of numbers that nobody operates", async () => {
    const { registry, administrator, delegator } = await loadFixture(delegated);
    for (const caller of [administrator, delegator]) {
      for (const candidate of [0, 1, 99]) {
        await expect(registry.connect(caller).announceCommission(candidate, 0))
          .to.be.revertedWithCustomError(registry, "OperatorMismatch")
          .withArgs(candidate, caller.address);
      }
    }
  });

  it("is open to who resigned or is in jail, not to who is tombstoned", async () => {
    const { registry, first, certifier } = await loadFixture(delegated);
    await registry.connect(first).resign(1);
    await registry.connect(first).announceCommission(1, 1);
    await registry.connect(certifier).jail(1);
    await registry.connect(first).announceCommission(1, 2);
    await registry.connect(certifier).slash(1, 1);
    await expect(registry.connect(first).announceCommission(1, 3))
      .to.be.revertedWithCustomError(registry, "CandidateStatusMismatch")
      .withArgs(1, CandidateStatus.Tombstoned);
  });

  it("is what a candidate stands with again", async () => {
    const { registry, first } = await loadFixture(delegated);
    await registry.connect(first).announceCommission(1, 300);
    await registry.connect(first).resign(1);
    await expect(registry.connect(first).stand(0, 0, 0))
      .to.emit(registry, "CandidateStood")
      .withArgs(1, first.address, 300);
  });
});
