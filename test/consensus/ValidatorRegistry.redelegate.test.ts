import { expect } from "chai";
import { ethers, loadFixture } from "../fixture.js";
import { CandidateStatus, coins, consortiumOf, elect, institutionOf, powerOf, RULES, rankingOf } from "./world.js";

/** Six stand; the delegator has 1,000 coins with candidate 1 and 400 with candidate 2; epoch 1 has begun. A fault burns 5 %. */
async function delegated() {
  const world = await consortiumOf([6_000, 5_000, 4_000, 3_000, 2_500, 2_000].map(coins));
  const registry = world.validatorRegistry;
  await registry.connect(world.delegator).delegate(1, coins(1_000), 0);
  await registry.connect(world.delegator).delegate(2, coins(400), 0);
  await elect(world);
  const mine = registry.connect(world.delegator);
  const certifying = registry.connect(world.certifier);
  return { ...world, world, registry, mine, certifying, first: institutionOf(world, 0).operator };
}

/** Of the delegator's stake with candidate 1, 600 coins have moved to candidate 2 in epoch 1. */
async function moved() {
  const world = await delegated();
  await world.mine.redelegate(1, 2, coins(600), 0, 0);
  return world;
}

describe("ValidatorRegistry: redelegate", () => {
  it("moves stake at once, and notes for whom it answers", async () => {
    const { world, registry, mine, delegator, medicalCoin } = await loadFixture(delegated);
    const sent = mine.redelegate(1, 2, coins(600), 0, 1);
    await expect(sent).to.emit(registry, "Redelegated").withArgs(delegator.address, 1, 2, coins(600), 1);
    await expect(sent).to.changeTokenBalances(ethers, medicalCoin, [delegator, registry], [0, 0]);
    expect(await registry.stakeOf(1, delegator)).to.equal(coins(400));
    expect(await registry.stakeOf(2, delegator)).to.equal(coins(1_000));
    expect((await registry.poolOf(1)).bonded).to.equal(coins(6_400));
    expect((await registry.poolOf(2)).bonded).to.equal(coins(6_000));
    expect(await powerOf(world, 1)).to.equal(6_400_000_000_000n);
    expect(await powerOf(world, 2)).to.equal(6_000_000_000_000n);
    expect(await registry.answerableOf(2, delegator)).to.deep.equal([1, 1, coins(600)]);
    expect(await registry.answerableOf(1, delegator)).to.deep.equal([0, 0, 0]);
  });

  it("reorders both", async () => {
    const { world, mine } = await loadFixture(delegated);
    await mine.delegate(1, coins(3_000), 0);
    await mine.redelegate(1, 3, coins(4_000), 0, 0);
    expect(await rankingOf(world)).to.deep.equal([3, 1, 2, 4, 5, 6]);
  });

  it("refuses to move nothing, too much, or to the same", async () => {
    const { registry, mine } = await loadFixture(delegated);
    await expect(mine.redelegate(1, 2, 0, 0, 0)).to.be.revertedWithCustomError(registry, "AmountZero");
    await expect(mine.redelegate(1, 2, coins(1_000) + 1n, 0, 0))
      .to.be.revertedWithCustomError(registry, "StakeInsufficient")
      .withArgs(coins(1_000) + 1n, coins(1_000));
    await expect(mine.redelegate(3, 2, 1n, 0, 0))
      .to.be.revertedWithCustomError(registry, "StakeInsufficient")
      .withArgs(1, 0);
    for (const same of [0, 1, 99]) {
      await expect(mine.redelegate(same, same, 1n, 0, 0))
        .to.be.revertedWithCustomError(registry, "RedelegationInvalid")
        .withArgs(same);
    }
    await mine.redelegate(1, 2, coins(1_000), 0, 0);
  });

  for (const status of ["None", "Resigned", "Jailed", "Tombstoned"] as const) {
    it(`refuses to move to who is ${status === "None" ? "unknown" : status.toLowerCase()}`, async () => {
      const { world, registry, mine, certifying } = await loadFixture(delegated);
      const to = status === "None" ? 99 : 3;
      if (status === "Resigned") await registry.connect(institutionOf(world, 2).operator).resign(3);
      if (status === "Jailed") await certifying.jail(3);
      if (status === "Tombstoned") await certifying.slash(3, 1);
      await expect(mine.redelegate(1, to, 1n, 0, 0))
        .to.be.revertedWithCustomError(registry, "CandidateStatusMismatch")
        .withArgs(to, CandidateStatus[status]);
    });
  }

  it("lets stake leave who has resigned or is in jail, but not who is tombstoned", async () => {
    const { registry, mine, certifying, first } = await loadFixture(delegated);
    await registry.connect(first).resign(1);
    await mine.redelegate(1, 3, coins(10), 0, 0);
    await certifying.jail(2);
    await mine.redelegate(2, 4, coins(10), 0, 0);
    await certifying.slash(1, 1);
    await expect(mine.redelegate(1, 3, coins(10), 0, 0))
      .to.be.revertedWithCustomError(registry, "CandidateStatusMismatch")
      .withArgs(1, CandidateStatus.Tombstoned);
  });

  it("lets an operator's own stake go, who resigns with less than the minimum", async () => {
    const { world, registry, first } = await loadFixture(delegated);
    await expect(registry.connect(first).redelegate(1, 3, coins(5_000), 0, 0)).not.to.emit(
      registry,
      "CandidateResigned",
    );
    await expect(registry.connect(first).redelegate(1, 3, 1n, 0, 0))
      .to.emit(registry, "CandidateResigned")
      .withArgs(1);
    expect(await rankingOf(world)).to.deep.equal([3, 2, 4, 5, 6]);
    expect((await registry.poolOf(3)).bonded).to.equal(coins(9_000) + 1n);
  });

  describe("while stake answers for another candidate", () => {
    it("lets go what is free, and nothing of the rest", async () => {
      const { registry, mine } = await loadFixture(moved);
      for (const leave of [
        mine.undelegate(2, coins(400) + 1n, 0),
        mine.redelegate(2, 3, coins(400) + 1n, 0, 0),
        mine.undelegate(2, coins(1_000), 0),
      ]) {
        await expect(leave).to.be.revertedWithCustomError(registry, "StakeAnswerable").withArgs(coins(600), 4);
      }
      await mine.redelegate(2, 3, coins(200), 0, 0);
      await mine.undelegate(2, coins(200), 0);
      await expect(mine.undelegate(2, 1n, 0))
        .to.be.revertedWithCustomError(registry, "StakeAnswerable")
        .withArgs(coins(600), 4);
    });

    it("takes more from the same candidate, which begins the time anew", async () => {
      const { world, registry, mine, delegator } = await loadFixture(moved);
      await elect(world);
      await mine.redelegate(1, 2, coins(100), 0, 0);
      expect(await registry.answerableOf(2, delegator)).to.deep.equal([1, 2, coins(700)]);
      await expect(mine.undelegate(2, coins(401), 0))
        .to.be.revertedWithCustomError(registry, "StakeAnswerable")
        .withArgs(coins(700), 5);
    });

    it("takes none from a third candidate into the same position", async () => {
      const { registry, mine } = await loadFixture(moved);
      await mine.delegate(3, coins(50), 0);
      await expect(mine.redelegate(3, 2, coins(50), 0, 0))
        .to.be.revertedWithCustomError(registry, "StakeAnswerable")
        .withArgs(coins(600), 4);
      await mine.redelegate(3, 4, coins(50), 0, 0);
    });

    it("takes none back to where it came from, but free stake", async () => {
      const { registry, mine, delegator } = await loadFixture(moved);
      await mine.redelegate(2, 1, coins(400), 0, 0);
      expect(await registry.answerableOf(1, delegator)).to.deep.equal([2, 1, coins(400)]);
      await expect(mine.redelegate(2, 1, 1n, 0, 0))
        .to.be.revertedWithCustomError(registry, "StakeAnswerable")
        .withArgs(coins(600), 4);
    });

    it("is each position's own matter", async () => {
      const { registry, mine, colleague } = await loadFixture(moved);
      await registry.connect(colleague).delegate(2, coins(5), 0);
      await registry.connect(colleague).undelegate(2, coins(5), 0);
      await mine.undelegate(1, coins(400), 0);
    });

    it("ends with the epoch that unbonding would end with", async () => {
      const { world, registry, mine, delegator } = await loadFixture(moved);
      await elect(world, 2);
      await expect(mine.undelegate(2, coins(1_000), 0))
        .to.be.revertedWithCustomError(registry, "StakeAnswerable")
        .withArgs(coins(600), 4);
      await elect(world);
      await mine.undelegate(2, coins(1_000), 0);
      expect(await registry.answerableOf(2, delegator)).to.deep.equal([0, 0, 0]);
    });

    it("then takes stake of a third candidate", async () => {
      const { world, registry, mine, delegator } = await loadFixture(moved);
      await mine.delegate(3, coins(50), 0);
      await elect(world, 3);
      await mine.redelegate(3, 2, coins(50), 0, 0);
      expect(await registry.answerableOf(2, delegator)).to.deep.equal([3, 4, coins(50)]);
    });
  });
});

describe("ValidatorRegistry: settleAnswerable", () => {
  it("burns what moved stake owes, when the former candidate is slashed for when it was there", async () => {
    const { world, registry, mine, delegator, stranger, certifying, medicalCoin } = await loadFixture(moved);
    await elect(world);
    await certifying.slash(1, 1);
    const sent = registry.connect(stranger).settleAnswerable(delegator, 2, 1);
    await expect(sent).to.emit(registry, "RedelegationSlashed").withArgs(delegator.address, 1, 2, coins(30));
    await expect(sent).to.changeTokenBalance(ethers, medicalCoin, registry, -coins(30));
    expect(await registry.stakeOf(2, delegator)).to.equal(coins(970));
    expect((await registry.poolOf(2)).bonded).to.equal(coins(5_970));
    expect(await powerOf(world, 2)).to.equal(5_970_000_000_000n);
    expect(await registry.answerableOf(2, delegator)).to.deep.equal([0, 0, 0]);
    await mine.undelegate(2, coins(970), 0);
  });

  it("burns once", async () => {
    const { registry, delegator, stranger, certifying } = await loadFixture(moved);
    await certifying.slash(1, 1);
    await registry.connect(stranger).settleAnswerable(delegator, 2, 0);
    await expect(registry.connect(stranger).settleAnswerable(delegator, 2, 0)).not.to.emit(
      registry,
      "RedelegationSlashed",
    );
    expect(await registry.stakeOf(2, delegator)).to.equal(coins(970));
  });

  it("burns nothing for a fault after the stake had moved", async () => {
    const { world, registry, delegator, stranger, certifying } = await loadFixture(moved);
    await elect(world);
    await certifying.slash(1, 2);
    await expect(registry.connect(stranger).settleAnswerable(delegator, 2, 0)).not.to.emit(
      registry,
      "RedelegationSlashed",
    );
    expect(await registry.answerableOf(2, delegator)).to.deep.equal([1, 1, coins(600)]);
    await elect(world, 2);
    await registry.connect(stranger).settleAnswerable(delegator, 2, 0);
    expect(await registry.answerableOf(2, delegator)).to.deep.equal([0, 0, 0]);
    expect(await registry.stakeOf(2, delegator)).to.equal(coins(1_000));
  });

  it("burns also when its time is over, if the slash came in time", async () => {
    const { world, registry, delegator, stranger, certifying } = await loadFixture(moved);
    await elect(world, 2);
    await certifying.slash(1, 1);
    await elect(world, 3);
    await expect(registry.connect(stranger).settleAnswerable(delegator, 2, 0))
      .to.emit(registry, "RedelegationSlashed")
      .withArgs(delegator.address, 1, 2, coins(30));
  });

  it("does nothing where nothing has moved", async () => {
    const { world, registry, delegator, stranger } = await loadFixture(moved);
    for (const candidate of [0, 1, 3, 99]) {
      await expect(registry.connect(stranger).settleAnswerable(delegator, candidate, 7)).not.to.emit(
        registry,
        "RedelegationSlashed",
      );
    }
    expect(await rankingOf(world)).to.deep.equal([1, 2, 3, 4, 5, 6]);
    expect(await registry.answerableOf(2, delegator)).to.deep.equal([1, 1, coins(600)]);
  });

  it("comes first whenever the owner leaves", async () => {
    const { registry, mine, delegator, certifying } = await loadFixture(moved);
    await certifying.slash(1, 1);
    await expect(mine.undelegate(2, coins(970) + 1n, 0))
      .to.be.revertedWithCustomError(registry, "StakeInsufficient")
      .withArgs(coins(970) + 1n, coins(970));
    await expect(mine.undelegate(2, coins(970), 0))
      .to.emit(registry, "RedelegationSlashed")
      .withArgs(delegator.address, 1, 2, coins(30));
  });

  it("comes first whenever more moves in", async () => {
    const { registry, mine, delegator, certifying } = await loadFixture(moved);
    await mine.delegate(3, coins(50), 0);
    await certifying.slash(1, 1);
    await expect(mine.redelegate(3, 2, coins(50), 0, 0))
      .to.emit(registry, "RedelegationSlashed")
      .withArgs(delegator.address, 1, 2, coins(30));
    expect(await registry.stakeOf(2, delegator)).to.equal(coins(1_020));
    expect(await registry.answerableOf(2, delegator)).to.deep.equal([3, 1, coins(50)]);
  });

  const orders: Record<string, readonly ("former" | "present" | "settle")[]> = {
    "the former, settled, then the present": ["former", "settle", "present"],
    "the former, the present, then settled": ["former", "present", "settle"],
    "the present, the former, then settled": ["present", "former", "settle"],
  };
  for (const [name, order] of Object.entries(orders)) {
    it(`burns both parts, when both are slashed: ${name}`, async () => {
      const { world, registry, mine, delegator, stranger, certifying, medicalCoin } = await loadFixture(moved);
      const before = await medicalCoin.balanceOf(registry);
      for (const step of order) {
        if (step === "former") await certifying.slash(1, 1);
        if (step === "present") await certifying.slash(2, 1);
        if (step === "settle") await registry.connect(stranger).settleAnswerable(delegator, 2, 0);
      }
      // 5 % of 6,400 with the former; 5 % of the 600 that moved; 5 % of the 6,000 with the present, less what was burned before.
      const burned = coins(320) + coins(30) + coins(300) - coins(30) / 20n;
      expect(await medicalCoin.balanceOf(registry)).to.equal(before - burned);
      expect(await registry.stakeOf(2, delegator)).to.equal((coins(970) * 95n) / 100n);
      await mine.undelegate(2, coins(970), 0);
      await elect(world, 3);
      await expect(mine.claimUnbonded(2, 1)).to.changeTokenBalance(
        ethers,
        medicalCoin,
        delegator,
        (coins(970) * 95n) / 100n,
      );
    });
  }

  it("makes an operator resign whose own stake no longer suffices", async () => {
    const { world, registry, stranger, certifying } = await loadFixture(delegated);
    const { operator } = institutionOf(world, 5);
    const own = registry.connect(operator);
    await own.delegate(1, RULES.minSelfStake, 0);
    await own.redelegate(1, 6, RULES.minSelfStake, 0, 0);
    await own.undelegate(6, coins(2_000), 0);
    expect((await registry.candidacyOf(6)).status).to.equal(CandidateStatus.Standing);
    await certifying.slash(1, 1);
    const sent = registry.connect(stranger).settleAnswerable(operator, 6, 0);
    await expect(sent).to.emit(registry, "CandidateResigned").withArgs(6);
    await expect(sent).to.emit(registry, "RedelegationSlashed").withArgs(operator.address, 1, 6, coins(50));
    expect(await rankingOf(world)).to.deep.equal([2, 3, 4, 5]);
  });

  it("makes an operator resign also when it comes with more stake that does not suffice", async () => {
    const { world, registry, certifying } = await loadFixture(delegated);
    const { operator } = institutionOf(world, 5);
    const own = registry.connect(operator);
    await own.delegate(1, RULES.minSelfStake, 0);
    await own.delegate(2, 1n, 0);
    await own.redelegate(1, 6, RULES.minSelfStake, 0, 0);
    await own.undelegate(6, coins(2_000), 0);
    await certifying.slash(1, 1);
    await expect(own.redelegate(2, 6, 1n, 0, 0))
      .to.emit(registry, "CandidateResigned")
      .withArgs(6);
    expect(await rankingOf(world)).to.deep.equal([2, 3, 4, 5]);
    expect(await registry.standingCount()).to.equal(4);
  });

  it("never leaves a candidate without power in the ranking", async () => {
    const world = await loadFixture(async function everythingBurns() {
      return consortiumOf([6_000, 5_000, 4_000, 3_000, 2_500].map(coins), {
        rules: { minSelfStake: 1_000_000_000n, slashFraction: 10_000 },
      });
    });
    const registry = world.validatorRegistry;
    await elect(world);
    const own = registry.connect(institutionOf(world, 4).operator);
    await own.delegate(1, coins(500), 0);
    await own.delegate(2, 1n, 0);
    await own.redelegate(1, 5, coins(500), 0, 0);
    await own.undelegate(5, coins(2_500), 0);
    await registry.connect(world.certifier).slash(1, 1);
    await own.redelegate(2, 5, 1n, 0, 0);
    expect((await registry.candidacyOf(5)).status).to.equal(CandidateStatus.Resigned);
    expect(await rankingOf(world)).to.deep.equal([2, 3, 4]);
    expect(await registry.standingCount()).to.equal(3);
  });

  it("rounds down what is owed", async () => {
    const { registry, mine, delegator, stranger, certifying } = await loadFixture(delegated);
    await mine.redelegate(1, 2, 19n, 0, 0);
    await certifying.slash(1, 1);
    await expect(registry.connect(stranger).settleAnswerable(delegator, 2, 0))
      .to.emit(registry, "RedelegationSlashed")
      .withArgs(delegator.address, 1, 2, 0);
    expect(await registry.stakeOf(2, delegator)).to.equal(coins(400) + 19n);
  });

  it("never owes for what moved before the first epoch", async () => {
    const world = await loadFixture(async function notElected() {
      return consortiumOf([6_000, 5_000, 4_000, 3_000].map(coins));
    });
    const registry = world.validatorRegistry;
    const mine = registry.connect(world.delegator);
    await mine.delegate(1, coins(10), 0);
    await mine.redelegate(1, 2, coins(10), 0, 0);
    expect(await registry.answerableOf(2, world.delegator)).to.deep.equal([1, 0, coins(10)]);
    await elect(world);
    await registry.connect(world.certifier).slash(1, 1);
    await expect(registry.settleAnswerable(world.delegator, 2, 0)).not.to.emit(registry, "RedelegationSlashed");
    await elect(world, 2);
    await mine.undelegate(2, coins(10), 0);
  });
});
