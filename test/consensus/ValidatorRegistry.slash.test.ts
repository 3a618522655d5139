import { expect } from "chai";
import { ethers, loadFixture, time } from "../fixture.js";
import { CandidateStatus, coins, consortiumOf, elect, institutionOf, RULES, rankingOf } from "./world.js";

/** Five stand; candidate 1 has 5,000 coins of its own and 1,000 of the delegator. A fault burns 5 %. Epoch 1 has begun. */
async function elected() {
  const world = await consortiumOf([5_000, 4_000, 3_000, 2_000, 1_000].map(coins));
  const registry = world.validatorRegistry;
  const mine = registry.connect(world.delegator);
  await mine.delegate(1, coins(1_000), 0);
  await elect(world);
  const { operator } = institutionOf(world, 0);
  return {
    ...world,
    world,
    registry,
    mine,
    operator,
    own: registry.connect(operator),
    judge: registry.connect(world.certifier),
  };
}

describe("ValidatorRegistry: slash", () => {
  it("burns a part of all stake, and excludes the candidate for good", async () => {
    const { world, registry, judge, operator, delegator, medicalCoin } = await loadFixture(elected);
    const supply = await medicalCoin.totalSupply();
    expect(await judge.slash.staticCall(1, 1)).to.equal(coins(300));
    const sent = judge.slash(1, 1);
    await expect(sent).to.emit(registry, "CandidateSlashed").withArgs(1, 1, coins(300));
    await expect(sent).to.changeTokenBalances(
      ethers,
      medicalCoin,
      [registry, operator, delegator],
      [-coins(300), 0, 0],
    );
    expect(await medicalCoin.totalSupply()).to.equal(supply - coins(300));
    expect(await registry.candidacyOf(1)).to.deep.equal([CandidateStatus.Tombstoned, 1_000, 1_000, 0, 0, 1, 500]);
    expect(await registry.stakeOf(1, operator)).to.equal(coins(4_750));
    expect(await registry.stakeOf(1, delegator)).to.equal(coins(950));
    expect(await registry.positionOf(1, delegator)).to.deep.equal([coins(1_000), 0]);
    expect(await rankingOf(world)).to.deep.equal([2, 3, 4, 5]);
    expect(await registry.standingCount()).to.equal(4);
  });

  it("leaves every other candidate's pool and position alone", async () => {
    const { world, registry, mine, judge, delegator } = await loadFixture(elected);
    await mine.delegate(2, coins(70), 0);
    await mine.undelegate(2, coins(20), 0);
    await judge.slash(1, 1);
    expect(await registry.stakeOf(2, delegator)).to.equal(coins(50));
    expect(await registry.stakeOf(2, institutionOf(world, 1).operator)).to.equal(coins(4_000));
    expect((await registry.poolOf(2)).bonded).to.equal(coins(4_050));
    await elect(world, 3);
    await expect(mine.claimUnbonded(2, 1)).to.changeTokenBalance(ethers, world.medicalCoin, delegator, coins(20));
  });

  it("reaches unbonding of the fault's epoch and later, and none from before", async () => {
    const { world, registry, mine, judge, delegator, medicalCoin } = await loadFixture(elected);
    await mine.undelegate(1, coins(100), 0);
    await elect(world);
    await mine.undelegate(1, coins(200), 0);
    await elect(world);
    await mine.undelegate(1, coins(300), 0);
    await expect(judge.slash(1, 2))
      .to.emit(registry, "CandidateSlashed")
      .withArgs(1, 2, coins(5_900) / 20n);
    await elect(world, 3);
    for (const [epoch, paid] of [
      [1, coins(100)],
      [2, coins(190)],
      [3, coins(285)],
    ] as const) {
      const sent = mine.claimUnbonded(1, epoch);
      await expect(sent).to.changeTokenBalance(ethers, medicalCoin, delegator, paid);
      await expect(sent).to.emit(registry, "UnbondedClaimed").withArgs(delegator.address, 1, epoch, paid);
    }
    expect(await registry.stakeOf(1, delegator)).to.equal(coins(380));
  });

  it("counts what leaves after the slash as touched, and burns it once", async () => {
    const { world, mine, own, judge, operator, delegator, medicalCoin, registry } = await loadFixture(elected);
    await judge.slash(1, 1);
    await mine.undelegate(1, coins(1_000), 0);
    await own.undelegate(1, coins(5_000), 0);
    await elect(world, 3);
    await expect(mine.claimUnbonded(1, 1)).to.changeTokenBalance(ethers, medicalCoin, delegator, coins(950));
    await expect(own.claimUnbonded(1, 1)).to.changeTokenBalance(ethers, medicalCoin, operator, coins(4_750));
    expect(await registry.unbondingOf(1, operator, 1)).to.equal(0);
  });

  it("does not count what was claimed before", async () => {
    const { world, registry, mine, judge } = await loadFixture(elected);
    await mine.undelegate(1, coins(100), 0);
    await elect(world, 3);
    await mine.claimUnbonded(1, 1);
    await expect(judge.slash(1, 2))
      .to.emit(registry, "CandidateSlashed")
      .withArgs(1, 2, coins(5_900) / 20n);
  });

  it("changes nothing a second time for the same fault, or a later one", async () => {
    const { world, registry, judge } = await loadFixture(elected);
    await judge.slash(1, 1);
    await elect(world);
    for (const epoch of [1, 2]) {
      await expect(judge.slash(1, epoch))
        .to.be.revertedWithCustomError(registry, "CandidateStatusMismatch")
        .withArgs(1, CandidateStatus.Tombstoned);
    }
  });

  it("refuses who never stood", async () => {
    const { registry, judge } = await loadFixture(elected);
    for (const candidate of [0, 6, 65_535]) {
      await expect(judge.slash(candidate, 1))
        .to.be.revertedWithCustomError(registry, "CandidateStatusMismatch")
        .withArgs(candidate, CandidateStatus.None);
    }
  });

  it("reaches who has resigned, and who is in jail", async () => {
    const { world, registry, own, judge } = await loadFixture(elected);
    await own.resign(1);
    await judge.jail(2);
    await judge.slash(1, 1);
    await judge.slash(2, 1);
    for (const candidate of [1, 2]) {
      expect((await registry.candidacyOf(candidate)).status).to.equal(CandidateStatus.Tombstoned);
    }
    expect(await rankingOf(world)).to.deep.equal([3, 4, 5]);
    expect(await registry.standingCount()).to.equal(3);
    await time.increase(RULES.jailTime);
    await expect(registry.connect(institutionOf(world, 1).operator).unjail(2, 0)).to.be.revertedWithCustomError(
      registry,
      "CandidateStatusMismatch",
    );
  });

  it("takes faults of this epoch and of as many before as unbonding lasts, and no others", async () => {
    const { world, registry, judge } = await loadFixture(elected);
    await elect(world, 4);
    for (const epoch of [0, 1, 2, 6, 7, 2 ** 32 - 3, 2 ** 32 - 1]) {
      await expect(judge.slash(1, epoch)).to.be.revertedWithCustomError(registry, "FaultExpired").withArgs(epoch);
    }
    for (const [candidate, epoch] of [
      [1, 3],
      [2, 4],
      [3, 5],
    ] as const) {
      await judge.slash(candidate, epoch);
      expect((await registry.candidacyOf(candidate)).faultEpoch).to.equal(epoch);
    }
  });

  it("takes no fault before the first election", async () => {
    const world = await loadFixture(async function notElected() {
      return consortiumOf([coins(5_000)]);
    });
    const judge = world.validatorRegistry.connect(world.certifier);
    for (const epoch of [0, 1]) {
      await expect(judge.slash(1, epoch))
        .to.be.revertedWithCustomError(world.validatorRegistry, "FaultExpired")
        .withArgs(epoch);
    }
  });

  it("leaves the set of the epoch, and the candidate out of all others", async () => {
    const { world, registry, judge, operator } = await loadFixture(elected);
    await judge.slash(1, 1);
    expect(await registry.getValidators()).to.include(operator.address);
    await elect(world);
    expect(await registry.getValidators()).not.to.include(operator.address);
  });

  it("burns everything when the rules say so", async () => {
    const { world, registry, mine, judge, delegator, medicalCoin, consortiumOperator } = await loadFixture(elected);
    await registry.connect(consortiumOperator).setRules({ ...RULES, slashFraction: 10_000 });
    await expect(judge.slash(1, 1)).to.changeTokenBalance(ethers, medicalCoin, registry, -coins(6_000));
    expect(await registry.stakeOf(1, delegator)).to.equal(0);
    await mine.undelegate(1, coins(1_000), 0);
    await elect(world, 3);
    const sent = mine.claimUnbonded(1, 1);
    await expect(sent).to.emit(registry, "UnbondedClaimed").withArgs(delegator.address, 1, 1, 0);
    await expect(sent).to.changeTokenBalance(ethers, medicalCoin, delegator, 0);
  });

  it("keeps the part that was in force, whatever the rules say later", async () => {
    const { registry, judge, delegator, consortiumOperator } = await loadFixture(elected);
    await judge.slash(1, 1);
    await registry.connect(consortiumOperator).setRules({ ...RULES, slashFraction: 10_000 });
    expect(await registry.stakeOf(1, delegator)).to.equal(coins(950));
  });

  it("leaves enough for every position's part, rounded down", async () => {
    const { world, registry, mine, own, judge, colleague, medicalCoin, operator, delegator } =
      await loadFixture(elected);
    await mine.delegate(1, 7n, 0);
    await registry.connect(colleague).delegate(1, 13n, 0);
    const before = await medicalCoin.balanceOf(registry);
    await judge.slash(1, 1);
    expect(await medicalCoin.balanceOf(registry)).to.equal(before - coins(300) - 1n);
    expect(await registry.stakeOf(1, delegator)).to.equal(coins(950) + 6n);
    expect(await registry.stakeOf(1, colleague)).to.equal(12n);
    await mine.undelegate(1, coins(1_000) + 7n, 0);
    await registry.connect(colleague).undelegate(1, 13n, 0);
    await own.undelegate(1, coins(5_000), 0);
    await elect(world, 3);
    await mine.claimUnbonded(1, 1);
    await registry.connect(colleague).claimUnbonded(1, 1);
    await own.claimUnbonded(1, 1);
    // What the other four have at stake, and the wei that rounding leaves.
    expect(await medicalCoin.balanceOf(registry)).to.equal(coins(10_000) + 1n);
    expect(await registry.stakeOf(1, operator)).to.equal(0);
  });

  it("is for the certifier only", async () => {
    const { registry, administrator, consortiumOperator, operator, stranger } = await loadFixture(elected);
    for (const caller of [administrator, consortiumOperator, operator, stranger]) {
      await expect(registry.connect(caller).slash(1, 1))
        .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});

describe("ValidatorRegistry: slash for an earlier fault", () => {
  /** Of the delegator's stake, 100 coins left in epoch 1 and 200 in epoch 2; now epoch 3 has begun, and a fault of epoch 3 is known. */
  async function tombstoned() {
    const world = await elected();
    await world.mine.undelegate(1, coins(100), 0);
    await elect(world.world);
    await world.mine.undelegate(1, coins(200), 0);
    await elect(world.world);
    await world.judge.slash(1, 3);
    return world;
  }

  it("burns of what had left before, and of nothing else", async () => {
    const { world, registry, mine, own, judge, operator, delegator, medicalCoin } = await loadFixture(tombstoned);
    const sent = judge.slash(1, 2);
    await expect(sent).to.emit(registry, "CandidateSlashed").withArgs(1, 2, coins(10));
    await expect(sent).to.changeTokenBalance(ethers, medicalCoin, registry, -coins(10));
    expect((await registry.candidacyOf(1)).faultEpoch).to.equal(2);
    expect(await registry.stakeOf(1, operator)).to.equal(coins(4_750));
    expect(await registry.stakeOf(1, delegator)).to.equal(coins(665));

    await expect(judge.slash(1, 1)).to.emit(registry, "CandidateSlashed").withArgs(1, 1, coins(5));
    await own.undelegate(1, coins(5_000), 0);
    await elect(world, 3);
    for (const [epoch, paid] of [
      [1, coins(95)],
      [2, coins(190)],
    ] as const) {
      await expect(mine.claimUnbonded(1, epoch)).to.changeTokenBalance(ethers, medicalCoin, delegator, paid);
    }
    await expect(own.claimUnbonded(1, 3)).to.changeTokenBalance(ethers, medicalCoin, operator, coins(4_750));
  });

  it("skips to the earliest at once, and then knows all later ones", async () => {
    const { registry, judge } = await loadFixture(tombstoned);
    await expect(judge.slash(1, 1)).to.emit(registry, "CandidateSlashed").withArgs(1, 1, coins(15));
    for (const epoch of [1, 2, 3]) {
      await expect(judge.slash(1, epoch))
        .to.be.revertedWithCustomError(registry, "CandidateStatusMismatch")
        .withArgs(1, CandidateStatus.Tombstoned);
    }
  });

  it("goes by the part that was burned the first time", async () => {
    const { registry, judge, consortiumOperator } = await loadFixture(tombstoned);
    await registry.connect(consortiumOperator).setRules({ ...RULES, slashFraction: 10_000 });
    await expect(judge.slash(1, 2)).to.emit(registry, "CandidateSlashed").withArgs(1, 2, coins(10));
    expect((await registry.candidacyOf(1)).slashed).to.equal(500);
  });

  it("comes too late when the unbonding is over", async () => {
    const { world, registry, judge } = await loadFixture(tombstoned);
    await elect(world);
    await expect(judge.slash(1, 1)).to.be.revertedWithCustomError(registry, "FaultExpired").withArgs(1);
    await judge.slash(1, 2);
  });

  it("reaches stake that had moved on before the first", async () => {
    const { world, registry, mine, judge, delegator } = await loadFixture(elected);
    await mine.redelegate(1, 2, coins(600), 0, 0);
    await elect(world);
    await judge.slash(1, 2);
    await expect(registry.settleAnswerable(delegator, 2, 0)).not.to.emit(registry, "RedelegationSlashed");
    await judge.slash(1, 1);
    await expect(registry.settleAnswerable(delegator, 2, 0))
      .to.emit(registry, "RedelegationSlashed")
      .withArgs(delegator.address, 1, 2, coins(30));
  });
});

describe("ValidatorRegistry: slash for a fault in an extended epoch", () => {
  /** The delegator's 1,000 coins left in epoch 1; then too few stood, so that the set of epoch 1 served so many epochs more. */
  function extended(epochs: number) {
    return async function extendedEpochs() {
      const world = await elected();
      await world.mine.undelegate(1, coins(1_000), 0);
      for (const index of [1, 2]) {
        await world.registry.connect(institutionOf(world.world, index).operator).resign(index + 1);
      }
      await elect(world.world, epochs);
      return world;
    };
  }

  it("reaches the stake that left since the set was elected", async () => {
    const { registry, judge } = await loadFixture(extended(1));
    await expect(judge.slash(1, 2)).to.emit(registry, "CandidateSlashed").withArgs(1, 2, coins(300));
    expect((await registry.candidacyOf(1)).faultEpoch).to.equal(1);
  });

  it("pays out what is left of it", async () => {
    const { world, registry, mine, judge, delegator } = await loadFixture(extended(2));
    await judge.slash(1, 3);
    await elect(world);
    await expect(mine.claimUnbonded(1, 1))
      .to.emit(registry, "UnbondedClaimed")
      .withArgs(delegator.address, 1, 1, coins(950));
  });

  it("reaches no stake whose unbonding is over", async () => {
    const { world, registry, mine, judge, delegator } = await loadFixture(extended(3));
    await expect(judge.slash(1, 4)).to.emit(registry, "CandidateSlashed").withArgs(1, 4, coins(250));
    expect((await registry.candidacyOf(1)).faultEpoch).to.equal(2);
    await expect(mine.claimUnbonded(1, 1))
      .to.emit(registry, "UnbondedClaimed")
      .withArgs(delegator.address, 1, 1, coins(1_000));
    expect(await rankingOf(world)).to.deep.equal([4, 5]);
  });

  it("does not reach back beyond the election of a later set", async () => {
    const { world, registry, judge } = await loadFixture(extended(1));
    await registry.connect(institutionOf(world, 1).operator).stand(0, 0, 0);
    await elect(world);
    await expect(judge.slash(1, 3)).to.emit(registry, "CandidateSlashed").withArgs(1, 3, coins(250));
    expect((await registry.candidacyOf(1)).faultEpoch).to.equal(3);
  });

  it("is the same fault for every epoch of one set", async () => {
    const { registry, judge } = await loadFixture(extended(2));
    await judge.slash(1, 3);
    for (const epoch of [1, 2, 3]) {
      await expect(judge.slash(1, epoch))
        .to.be.revertedWithCustomError(registry, "CandidateStatusMismatch")
        .withArgs(1, CandidateStatus.Tombstoned);
    }
  });
});
