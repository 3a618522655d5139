import { expect } from "chai";
import { ethers, loadFixture, time } from "../fixture.js";
import { CandidateStatus, coins, consortiumOf, elect, institutionOf, RULES, rankingOf } from "./world.js";

/** Five stand, and are the validators of epoch 1. */
async function elected() {
  const world = await consortiumOf([5_000, 4_000, 3_000, 2_000, 1_000].map(coins));
  await elect(world);
  const registry = world.validatorRegistry;
  const { operator } = institutionOf(world, 0);
  return {
    ...world,
    world,
    registry,
    operator,
    own: registry.connect(operator),
    judge: registry.connect(world.certifier),
  };
}

/** Candidate 1 is in jail until `until`. */
async function jailed() {
  const world = await elected();
  await world.judge.jail(1);
  return { ...world, until: (await time.latest()) + RULES.jailTime };
}

describe("ValidatorRegistry: jail", () => {
  it("takes a candidate out of the ranking for the time of the rules", async () => {
    const { world, registry, judge, operator, medicalCoin } = await loadFixture(elected);
    const now = (await time.latest()) + 100;
    await time.setNextBlockTimestamp(now);
    const sent = judge.jail(1);
    await expect(sent)
      .to.emit(registry, "CandidateJailed")
      .withArgs(1, now + RULES.jailTime);
    await expect(sent).to.changeTokenBalance(ethers, medicalCoin, registry, 0);
    const { status, jailedUntil } = await registry.candidacyOf(1);
    expect([status, jailedUntil]).to.deep.equal([CandidateStatus.Jailed, now + RULES.jailTime]);
    expect(await rankingOf(world)).to.deep.equal([2, 3, 4, 5]);
    expect(await registry.standingCount()).to.equal(4);
    expect(await registry.stakeOf(1, operator)).to.equal(coins(5_000));
  });

  it("leaves the set of the epoch, and the candidate out of the next", async () => {
    const { world, registry, judge, operator } = await loadFixture(elected);
    await judge.jail(1);
    expect(await registry.getValidators()).to.include(operator.address);
    await elect(world);
    expect(await registry.getValidators()).not.to.include(operator.address);
  });

  it("reaches also who has resigned, so that nobody stands again at once", async () => {
    const { registry, judge, own } = await loadFixture(elected);
    await own.resign(1);
    expect(await judge.jail.staticCall(1)).to.equal(true);
    await expect(judge.jail(1)).to.emit(registry, "CandidateJailed");
    expect(await registry.standingCount()).to.equal(4);
    await expect(own.stand(0, 0, 0))
      .to.be.revertedWithCustomError(registry, "CandidateStatusMismatch")
      .withArgs(1, CandidateStatus.Jailed);
  });

  it("does nothing to who is in jail, tombstoned or unknown", async () => {
    const { registry, judge, until } = await loadFixture(jailed);
    await judge.slash(2, 1);
    for (const candidate of [0, 1, 2, 99]) {
      expect(await judge.jail.staticCall(candidate)).to.equal(false);
      await expect(judge.jail(candidate)).not.to.emit(registry, "CandidateJailed");
    }
    expect((await registry.candidacyOf(1)).jailedUntil).to.equal(until);
    expect((await registry.candidacyOf(2)).status).to.equal(CandidateStatus.Tombstoned);
    expect((await registry.candidacyOf(99)).status).to.equal(CandidateStatus.None);
  });

  it("is for the certifier only", async () => {
    const { registry, administrator, consortiumOperator, operator, stranger } = await loadFixture(elected);
    for (const caller of [administrator, consortiumOperator, operator, stranger]) {
      await expect(registry.connect(caller).jail(1))
        .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});

describe("ValidatorRegistry: unjail", () => {
  it("lets the candidate stand again when the time is over, not a second earlier", async () => {
    const { world, registry, own, until } = await loadFixture(jailed);
    await time.setNextBlockTimestamp(until - 1);
    await expect(own.unjail(1, 0)).to.be.revertedWithCustomError(registry, "StillJailed").withArgs(until);
    await time.setNextBlockTimestamp(until);
    await expect(own.unjail(1, 0)).to.emit(registry, "CandidateUnjailed").withArgs(1);
    expect((await registry.candidacyOf(1)).status).to.equal(CandidateStatus.Standing);
    expect(await rankingOf(world)).to.deep.equal([1, 2, 3, 4, 5]);
    expect(await registry.standingCount()).to.equal(5);
  });

  it("puts the candidate where its stake of now belongs", async () => {
    const { world, registry, own, delegator, until } = await loadFixture(jailed);
    await own.undelegate(1, coins(2_500), 0);
    await expect(registry.connect(delegator).delegate(1, 1n, 0)).to.be.revertedWithCustomError(
      registry,
      "CandidateStatusMismatch",
    );
    await time.increaseTo(until);
    await own.unjail(1, 3);
    expect(await rankingOf(world)).to.deep.equal([2, 3, 1, 4, 5]);
  });

  it("needs the minimum of own stake", async () => {
    const { registry, own, until } = await loadFixture(jailed);
    await own.undelegate(1, coins(4_000) + 1n, 0);
    await time.increaseTo(until);
    await expect(own.unjail(1, 0))
      .to.be.revertedWithCustomError(registry, "SelfStakeTooSmall")
      .withArgs(RULES.minSelfStake - 1n, RULES.minSelfStake);
    await own.delegate(1, 1n, 0);
    await own.unjail(1, 0);
  });

  it("needs a certificate", async () => {
    const { registry, own, operator, accountCenter, registrar, until } = await loadFixture(jailed);
    await accountCenter.connect(registrar).suspend(operator, 0);
    await time.increaseTo(until);
    await expect(own.unjail(1, 0))
      .to.be.revertedWithCustomError(registry, "AccountSuspended")
      .withArgs(operator.address);
  });

  it("is for the operator only", async () => {
    const { world, registry, certifier, administrator, until } = await loadFixture(jailed);
    await time.increaseTo(until);
    for (const caller of [certifier, administrator, institutionOf(world, 1).operator]) {
      await expect(registry.connect(caller).unjail(1, 0))
        .to.be.revertedWithCustomError(registry, "OperatorMismatch")
        .withArgs(1, caller.address);
    }
    await expect(registry.connect(certifier).unjail(99, 0))
      .to.be.revertedWithCustomError(registry, "OperatorMismatch")
      .withArgs(99, certifier.address);
  });

  for (const status of ["Standing", "Resigned", "Tombstoned"] as const) {
    it(`refuses who is ${status.toLowerCase()}`, async () => {
      const { registry, own, judge } = await loadFixture(elected);
      if (status === "Resigned") await own.resign(1);
      if (status === "Tombstoned") {
        await judge.jail(1);
        await judge.slash(1, 1);
      }
      await expect(own.unjail(1, 0))
        .to.be.revertedWithCustomError(registry, "CandidateStatusMismatch")
        .withArgs(1, CandidateStatus[status]);
    });
  }

  it("goes by the time that was set, not by later rules", async () => {
    const { registry, own, judge, consortiumOperator, until } = await loadFixture(jailed);
    await registry.connect(consortiumOperator).setRules({ ...RULES, jailTime: 1 });
    await expect(own.unjail(1, 0)).to.be.revertedWithCustomError(registry, "StillJailed").withArgs(until);
    await time.increaseTo(until);
    await own.unjail(1, 0);
    await judge.jail(1);
    await time.increase(1);
    await own.unjail(1, 0);
  });
});
