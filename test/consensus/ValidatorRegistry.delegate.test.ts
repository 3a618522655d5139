import { expect } from "chai";
import { ethers, loadFixture } from "../fixture.js";
import {
  CandidateStatus,
  coins,
  consortiumOf,
  elect,
  institutionOf,
  PURSE,
  powerOf,
  RULES,
  rankingOf,
} from "./world.js";

/** Five stand, four of them with more than the fifth; epoch 1 has begun. */
async function fiveStand() {
  const world = await consortiumOf([5_000, 4_000, 3_000, 2_500, 2_000].map(coins));
  await elect(world);
  const registry = world.validatorRegistry;
  const first = institutionOf(world, 0).operator;
  return { ...world, world, registry, first, second: institutionOf(world, 1).operator };
}

/** The delegator has 800 coins with candidate 2. */
async function delegated() {
  const five = await fiveStand();
  await five.registry.connect(five.delegator).delegate(2, coins(800), 0);
  return five;
}

describe("ValidatorRegistry: delegate", () => {
  it("takes the coin of anybody, certified or not", async () => {
    const { registry, delegator, medicalCoin } = await loadFixture(fiveStand);
    const sent = registry.connect(delegator).delegate(2, coins(800), 1);
    await expect(sent).to.changeTokenBalances(ethers, medicalCoin, [delegator, registry], [-coins(800), coins(800)]);
    await expect(sent).to.emit(registry, "Delegated").withArgs(delegator.address, 2, coins(800));
    expect(await registry.positionOf(2, delegator)).to.deep.equal([coins(800), 0]);
    expect(await registry.poolOf(2)).to.deep.equal([coins(4_800), 0]);
    expect(await registry.stakeOf(2, delegator)).to.equal(coins(800));
  });

  it("adds to what is there, and leaves everybody else's", async () => {
    const { registry, delegator, colleague, second } = await loadFixture(delegated);
    await registry.connect(delegator).delegate(2, 1n, 0);
    await registry.connect(colleague).delegate(2, coins(5), 0);
    expect(await registry.stakeOf(2, delegator)).to.equal(coins(800) + 1n);
    expect(await registry.stakeOf(2, colleague)).to.equal(coins(5));
    expect(await registry.stakeOf(2, second)).to.equal(coins(4_000));
    expect(await registry.stakeOf(1, delegator)).to.equal(0);
    expect((await registry.poolOf(1)).bonded).to.equal(coins(5_000));
  });

  it("lets the candidate rise in the ranking, at whole gwei", async () => {
    const { world, registry, delegator } = await loadFixture(fiveStand);
    await registry.connect(delegator).delegate(5, coins(3_000) + 999_999_999n, 1);
    expect(await rankingOf(world)).to.deep.equal([1, 5, 2, 3, 4]);
    expect(await powerOf(world, 5)).to.equal(5_000_000_000_000n);
    await registry.connect(delegator).delegate(5, 1n, 0);
    expect(await powerOf(world, 5)).to.equal(5_000_000_000_001n);
    expect(await rankingOf(world)).to.deep.equal([5, 1, 2, 3, 4]);
  });

  it("does not change the set before the next election", async () => {
    const { world, registry, delegator } = await loadFixture(fiveStand);
    const [, , before] = await registry.seatsOf(1);
    await registry.connect(delegator).delegate(5, coins(700), 0);
    const [, , after] = await registry.seatsOf(1);
    expect(after).to.deep.equal(before);
    await elect(world);
    const [, , seats] = await registry.seatsOf(2);
    expect(seats).not.to.deep.equal(before);
  });

  it("takes the largest amount there is, and no more than the delegator has", async () => {
    const { registry, delegator, medicalCoin } = await loadFixture(fiveStand);
    await expect(registry.connect(delegator).delegate(2, PURSE + 1n, 0))
      .to.be.revertedWithCustomError(medicalCoin, "ERC20InsufficientBalance")
      .withArgs(delegator.address, PURSE, PURSE + 1n);
    await registry.connect(delegator).delegate(2, PURSE, 0);
    await expect(registry.connect(delegator).delegate(2, 2n ** 96n, 0))
      .to.be.revertedWithCustomError(registry, "SafeCastOverflowedUintDowncast")
      .withArgs(96, 2n ** 96n);
  });

  it("needs an allowance", async () => {
    const { registry, delegator, medicalCoin } = await loadFixture(fiveStand);
    await medicalCoin.connect(delegator).approve(registry, 0);
    await expect(registry.connect(delegator).delegate(2, 1n, 0))
      .to.be.revertedWithCustomError(medicalCoin, "ERC20InsufficientAllowance")
      .withArgs(await registry.getAddress(), 0, 1);
  });

  it("refuses nothing", async () => {
    const { registry, delegator, first } = await loadFixture(fiveStand);
    await expect(registry.connect(delegator).delegate(2, 0, 0)).to.be.revertedWithCustomError(registry, "AmountZero");
    await expect(registry.connect(first).delegate(1, 0, 0)).to.be.revertedWithCustomError(registry, "AmountZero");
  });

  it("refuses numbers that never stood", async () => {
    const { registry, delegator } = await loadFixture(fiveStand);
    for (const candidate of [0, 6, 65_535]) {
      await expect(registry.connect(delegator).delegate(candidate, 1n, 0))
        .to.be.revertedWithCustomError(registry, "CandidateStatusMismatch")
        .withArgs(candidate, CandidateStatus.None);
    }
  });

  for (const status of ["Resigned", "Jailed", "Tombstoned"] as const) {
    it(`refuses others when the candidate is ${status.toLowerCase()}`, async () => {
      const { registry, delegator, first, second, certifier } = await loadFixture(fiveStand);
      if (status === "Resigned") await registry.connect(first).resign(1);
      if (status === "Jailed") await registry.connect(certifier).jail(1);
      if (status === "Tombstoned") await registry.connect(certifier).slash(1, 1);
      for (const other of [delegator, second]) {
        await expect(registry.connect(other).delegate(1, 1n, 0))
          .to.be.revertedWithCustomError(registry, "CandidateStatusMismatch")
          .withArgs(1, CandidateStatus[status]);
      }
      const own = registry.connect(first).delegate(1, coins(1), 0);
      if (status === "Tombstoned") {
        await expect(own)
          .to.be.revertedWithCustomError(registry, "CandidateStatusMismatch")
          .withArgs(1, CandidateStatus.Tombstoned);
      } else {
        await expect(own).to.emit(registry, "Delegated").withArgs(first.address, 1, coins(1));
        expect(await registry.stakeOf(1, first)).to.equal(coins(5_001));
        expect(await registry.standingCount()).to.equal(4);
      }
    });
  }
});

describe("ValidatorRegistry: undelegate", () => {
  it("takes a part out of pool and ranking, and pays nothing yet", async () => {
    const { world, registry, delegator, medicalCoin } = await loadFixture(delegated);
    const sent = registry.connect(delegator).undelegate(2, coins(300), 0);
    await expect(sent).to.emit(registry, "Undelegated").withArgs(delegator.address, 2, coins(300), 1);
    await expect(sent).to.changeTokenBalances(ethers, medicalCoin, [delegator, registry], [0, 0]);
    expect(await registry.stakeOf(2, delegator)).to.equal(coins(500));
    expect((await registry.poolOf(2)).bonded).to.equal(coins(4_500));
    expect(await powerOf(world, 2)).to.equal(4_500_000_000_000n);
    expect(await registry.unbondingOf(2, delegator, 1)).to.equal(coins(300));
  });

  it("takes all, and not a wei more", async () => {
    const { registry, delegator } = await loadFixture(delegated);
    await expect(registry.connect(delegator).undelegate(2, coins(800) + 1n, 0))
      .to.be.revertedWithCustomError(registry, "StakeInsufficient")
      .withArgs(coins(800) + 1n, coins(800));
    await registry.connect(delegator).undelegate(2, coins(800), 0);
    expect(await registry.stakeOf(2, delegator)).to.equal(0);
    await expect(registry.connect(delegator).undelegate(2, 1n, 0))
      .to.be.revertedWithCustomError(registry, "StakeInsufficient")
      .withArgs(1, 0);
  });

  it("refuses nothing, and who has nothing there", async () => {
    const { registry, delegator, stranger } = await loadFixture(delegated);
    await expect(registry.connect(delegator).undelegate(2, 0, 0)).to.be.revertedWithCustomError(registry, "AmountZero");
    for (const [who, candidate] of [
      [stranger, 2],
      [delegator, 1],
      [delegator, 99],
      [delegator, 0],
    ] as const) {
      await expect(registry.connect(who).undelegate(candidate, 1n, 0))
        .to.be.revertedWithCustomError(registry, "StakeInsufficient")
        .withArgs(1, 0);
    }
    await expect(registry.connect(delegator).undelegate(2, 2n ** 256n - 1n, 0))
      .to.be.revertedWithCustomError(registry, "StakeInsufficient")
      .withArgs(2n ** 256n - 1n, coins(800));
  });

  it("lets the candidate sink in the ranking", async () => {
    const { world, registry, second } = await loadFixture(delegated);
    await registry.connect(second).undelegate(2, coins(2_100), 3);
    expect(await rankingOf(world)).to.deep.equal([1, 3, 2, 4, 5]);
  });

  it("lets an operator go down to the minimum, and resign with one wei less", async () => {
    const { world, registry, second } = await loadFixture(delegated);
    const sent = registry.connect(second).undelegate(2, coins(3_000), 0);
    await expect(sent).not.to.emit(registry, "CandidateResigned");
    expect(await registry.stakeOf(2, second)).to.equal(RULES.minSelfStake);
    await expect(registry.connect(second).undelegate(2, 1n, 0))
      .to.emit(registry, "CandidateResigned")
      .withArgs(2);
    expect((await registry.candidacyOf(2)).status).to.equal(CandidateStatus.Resigned);
    expect(await rankingOf(world)).to.deep.equal([1, 3, 4, 5]);
    expect(await registry.standingCount()).to.equal(4);
    expect((await registry.poolOf(2)).bonded).to.equal(coins(1_800) - 1n);
  });

  it("does not let a delegator make the candidate resign, however little is left", async () => {
    const { registry, delegator } = await loadFixture(delegated);
    await expect(registry.connect(delegator).undelegate(2, coins(800), 0)).not.to.emit(registry, "CandidateResigned");
    expect((await registry.candidacyOf(2)).status).to.equal(CandidateStatus.Standing);
  });

  for (const status of ["Resigned", "Jailed", "Tombstoned"] as const) {
    it(`lets operator and delegator leave who is ${status.toLowerCase()}`, async () => {
      const { world, registry, delegator, second, certifier } = await loadFixture(delegated);
      if (status === "Resigned") await registry.connect(second).resign(2);
      if (status === "Jailed") await registry.connect(certifier).jail(2);
      if (status === "Tombstoned") await registry.connect(certifier).slash(2, 1);
      await registry.connect(delegator).undelegate(2, coins(800), 0);
      await expect(registry.connect(second).undelegate(2, coins(4_000), 0)).not.to.emit(registry, "CandidateResigned");
      expect((await registry.candidacyOf(2)).status).to.equal(CandidateStatus[status]);
      expect((await registry.poolOf(2)).bonded).to.equal(0);
      expect(await rankingOf(world)).to.deep.equal([1, 3, 4, 5]);
    });
  }

  it("needs no certificate", async () => {
    const { registry, second, accountCenter, registrar } = await loadFixture(delegated);
    await accountCenter.connect(registrar).revoke(second, 0);
    await registry.connect(second).undelegate(2, coins(4_000), 0);
  });
});

describe("ValidatorRegistry: claimUnbonded", () => {
  it("pays when the unbonding is over, not an epoch earlier, and once", async () => {
    const { world, registry, delegator, medicalCoin } = await loadFixture(delegated);
    await registry.connect(delegator).undelegate(2, coins(300), 0);
    for (let epoch = 1; epoch < 4; epoch += 1) {
      await expect(registry.connect(delegator).claimUnbonded(2, 1))
        .to.be.revertedWithCustomError(registry, "StillUnbonding")
        .withArgs(4);
      await elect(world);
    }
    const sent = registry.connect(delegator).claimUnbonded(2, 1);
    await expect(sent).to.changeTokenBalances(ethers, medicalCoin, [delegator, registry], [coins(300), -coins(300)]);
    await expect(sent).to.emit(registry, "UnbondedClaimed").withArgs(delegator.address, 2, 1, coins(300));
    expect(await registry.unbondingOf(2, delegator, 1)).to.equal(0);
    await expect(registry.connect(delegator).claimUnbonded(2, 1))
      .to.be.revertedWithCustomError(registry, "NothingUnbonding")
      .withArgs(2, 1);
  });

  it("adds up what leaves in one epoch, and keeps epochs and candidates apart", async () => {
    const { world, registry, delegator, medicalCoin } = await loadFixture(delegated);
    await registry.connect(delegator).delegate(3, coins(50), 0);
    await registry.connect(delegator).undelegate(2, coins(100), 0);
    await registry.connect(delegator).undelegate(2, coins(20), 0);
    await registry.connect(delegator).undelegate(3, coins(50), 0);
    await elect(world);
    await registry.connect(delegator).undelegate(2, coins(7), 0);
    expect(await registry.unbondingOf(2, delegator, 1)).to.equal(coins(120));
    expect(await registry.unbondingOf(2, delegator, 2)).to.equal(coins(7));
    expect(await registry.unbondingOf(3, delegator, 1)).to.equal(coins(50));
    await elect(world, 2);
    await expect(registry.connect(delegator).claimUnbonded(2, 1)).to.changeTokenBalance(
      ethers,
      medicalCoin,
      delegator,
      coins(120),
    );
    await expect(registry.connect(delegator).claimUnbonded(2, 2))
      .to.be.revertedWithCustomError(registry, "StillUnbonding")
      .withArgs(5);
    await expect(registry.connect(delegator).claimUnbonded(3, 1)).to.changeTokenBalance(
      ethers,
      medicalCoin,
      delegator,
      coins(50),
    );
  });

  it("pays nobody else, and nothing under other numbers", async () => {
    const { world, registry, delegator, colleague, second } = await loadFixture(delegated);
    await registry.connect(delegator).undelegate(2, coins(300), 0);
    await elect(world, 3);
    for (const other of [colleague, second]) {
      await expect(registry.connect(other).claimUnbonded(2, 1))
        .to.be.revertedWithCustomError(registry, "NothingUnbonding")
        .withArgs(2, 1);
    }
    for (const [candidate, epoch] of [
      [1, 1],
      [2, 0],
      [2, 2],
      [2, 2 ** 32 - 1],
      [0, 0],
    ] as const) {
      await expect(registry.connect(delegator).claimUnbonded(candidate, epoch))
        .to.be.revertedWithCustomError(registry, "NothingUnbonding")
        .withArgs(candidate, epoch);
    }
  });

  it("counts from epoch 0 what leaves before the first election", async () => {
    const world = await loadFixture(async function notElected() {
      return consortiumOf([5_000, 4_000, 3_000, 2_500].map(coins));
    });
    const registry = world.validatorRegistry;
    const { operator } = institutionOf(world, 0);
    await expect(registry.connect(operator).undelegate(1, coins(10), 0))
      .to.emit(registry, "Undelegated")
      .withArgs(operator.address, 1, coins(10), 0);
    await elect(world, 2);
    await expect(registry.connect(operator).claimUnbonded(1, 0))
      .to.be.revertedWithCustomError(registry, "StillUnbonding")
      .withArgs(3);
    await elect(world);
    await expect(registry.connect(operator).claimUnbonded(1, 0)).to.changeTokenBalance(
      ethers,
      world.medicalCoin,
      operator,
      coins(10),
    );
  });

  it("goes by the rule that is in force when it is claimed", async () => {
    const { world, registry, delegator, consortiumOperator } = await loadFixture(delegated);
    await registry.connect(delegator).undelegate(2, coins(300), 0);
    await elect(world, 3);
    await registry.connect(consortiumOperator).setRules({ ...RULES, unbondingEpochs: 5 });
    await expect(registry.connect(delegator).claimUnbonded(2, 1))
      .to.be.revertedWithCustomError(registry, "StillUnbonding")
      .withArgs(6);
    await registry.connect(consortiumOperator).setRules({ ...RULES, unbondingEpochs: 2 });
    await registry.connect(delegator).claimUnbonded(2, 1);
  });

  it("counts an epoch that keeps the set before", async () => {
    const { world, registry, delegator, first, second } = await loadFixture(delegated);
    await registry.connect(delegator).undelegate(2, coins(300), 0);
    await registry.connect(first).resign(1);
    await registry.connect(second).resign(2);
    await elect(world, 3);
    await registry.connect(delegator).claimUnbonded(2, 1);
  });
});
