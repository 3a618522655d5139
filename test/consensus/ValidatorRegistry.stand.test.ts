import { expect } from "chai";
import { DAY, ethers, loadFixture, networkHelpers, Role, time } from "../fixture.js";
import {
  CandidateStatus,
  type Consortium,
  certify,
  coins,
  consortiumOf,
  elect,
  institutionAt,
  institutionOf,
  powerOf,
  RULES,
  rankingOf,
  settle,
} from "./world.js";

const MIN = RULES.minSelfStake;

/** Institution 1 stands with 3,000 coins, institution 2 does not stand. */
async function oneStands() {
  const world = await consortiumOf([coins(3_000), 0n]);
  const first = institutionOf(world, 0).operator;
  const second = institutionOf(world, 1).operator;
  return { ...world, world, first, second, registry: world.validatorRegistry };
}

async function putIntoStatus(world: Consortium, status: "Resigned" | "Jailed" | "Tombstoned"): Promise<void> {
  const registry = world.validatorRegistry;
  if (status === "Resigned") await registry.connect(institutionOf(world, 0).operator).resign(1);
  if (status === "Jailed") await registry.connect(world.certifier).jail(1);
  if (status !== "Tombstoned") return;
  for (let i = 0; i < 3; i += 1) await settle(world, institutionAt(2 + i), coins(2_000));
  await elect(world);
  await registry.connect(world.certifier).slash(1, 1);
}

/** The index of the storage slot whose value `standingCount` is. */
async function slotOfStandingCount({ validatorRegistry }: Consortium): Promise<number> {
  const address = await validatorRegistry.getAddress();
  for (let slot = 0; slot < 64; slot += 1) {
    const before = await networkHelpers.getStorageAt(address, slot);
    await networkHelpers.setStorageAt(address, slot, 4_096n);
    if ((await validatorRegistry.standingCount()) === 4_096n) return slot;
    await networkHelpers.setStorageAt(address, slot, before);
  }
  throw new Error("No slot holds the number of candidates.");
}

describe("ValidatorRegistry: stand", () => {
  describe("for the first time", () => {
    it("takes the stake, and notes operator and commission", async () => {
      const { registry, second, medicalCoin } = await loadFixture(oneStands);
      const sent = registry.connect(second).stand(1_500, MIN, 1);
      await expect(sent).to.changeTokenBalances(ethers, medicalCoin, [second, registry], [-MIN, MIN]);
      await expect(sent).to.emit(registry, "CandidateStood").withArgs(2, second.address, 1_500);
      await expect(sent).to.emit(registry, "Delegated").withArgs(second.address, 2, MIN);
      expect(await registry.candidacyOf(2)).to.deep.equal([CandidateStatus.Standing, 1_500, 1_500, 0, 0, 0, 0]);
      expect(await registry.poolOf(2)).to.deep.equal([MIN, 0]);
      expect(await registry.positionOf(2, second)).to.deep.equal([MIN, 0]);
      expect(await registry.stakeOf(2, second)).to.equal(MIN);
    });

    it("puts the candidate into the ranking, with its power in gwei rounded down", async () => {
      const { world, registry, second } = await loadFixture(oneStands);
      await registry.connect(second).stand(0, coins(5_000) + 999_999_999n, 0);
      expect(await rankingOf(world)).to.deep.equal([2, 1]);
      expect(await powerOf(world, 2)).to.equal(5_000_000_000_000n);
      expect(BigInt.asUintN(160, await registry.ranks(2))).to.equal(BigInt(second.address));
      expect(await registry.standingCount()).to.equal(2);
    });

    it("takes the commission's cap, and nothing above", async () => {
      const { registry, second } = await loadFixture(oneStands);
      await expect(registry.connect(second).stand(2_001, MIN, 0))
        .to.be.revertedWithCustomError(registry, "CommissionTooHigh")
        .withArgs(2_001, 2_000);
      await registry.connect(second).stand(2_000, MIN, 0);
    });

    for (const stake of [MIN - 1n, 1n, 0n]) {
      it(`refuses a stake of ${stake} wei`, async () => {
        const { registry, second } = await loadFixture(oneStands);
        await expect(registry.connect(second).stand(0, stake, 0))
          .to.be.revertedWithCustomError(registry, "SelfStakeTooSmall")
          .withArgs(stake, MIN);
      });
    }

    it("needs an allowance, and the coin", async () => {
      const { registry, second, medicalCoin, stranger } = await loadFixture(oneStands);
      await medicalCoin.connect(second).approve(registry, MIN - 1n);
      await expect(registry.connect(second).stand(0, MIN, 0))
        .to.be.revertedWithCustomError(medicalCoin, "ERC20InsufficientAllowance")
        .withArgs(await registry.getAddress(), MIN - 1n, MIN);
      const balance = await medicalCoin.balanceOf(second);
      await medicalCoin.connect(second).approve(registry, 2n ** 256n - 1n);
      await medicalCoin.connect(second).transfer(stranger, balance);
      await expect(registry.connect(second).stand(0, MIN, 0))
        .to.be.revertedWithCustomError(medicalCoin, "ERC20InsufficientBalance")
        .withArgs(second.address, 0, MIN);
    });

    it("refuses who is not certified, or in another role", async () => {
      const { world, registry, stranger } = await loadFixture(oneStands);
      await expect(registry.connect(stranger).stand(0, MIN, 0))
        .to.be.revertedWithCustomError(registry, "AccountNotCertified")
        .withArgs(stranger.address);
      await certify(world, stranger.address, { role: Role.Doctor, institution: 1 });
      await expect(registry.connect(stranger).stand(0, MIN, 0))
        .to.be.revertedWithCustomError(registry, "AccountRoleMismatch")
        .withArgs(stranger.address, Role.Doctor, Role.Institution);
    });

    it("refuses who is suspended, revoked or expired", async () => {
      const { world, registry, second, accountCenter, registrar } = await loadFixture(oneStands);
      await accountCenter.connect(registrar).suspend(second, 0);
      await expect(registry.connect(second).stand(0, MIN, 0))
        .to.be.revertedWithCustomError(registry, "AccountSuspended")
        .withArgs(second.address);
      await accountCenter.connect(registrar).reinstate(second);
      const expiresAt = (await time.latest()) + DAY;
      await certify(world, second.address, { expiresAt });
      await time.setNextBlockTimestamp(expiresAt);
      await expect(registry.connect(second).stand(0, MIN, 0))
        .to.be.revertedWithCustomError(registry, "AccountExpired")
        .withArgs(second.address, expiresAt);
      await certify(world, second.address);
      await accountCenter.connect(registrar).revoke(second, 0);
      await expect(registry.connect(second).stand(0, MIN, 0))
        .to.be.revertedWithCustomError(registry, "AccountRevoked")
        .withArgs(second.address);
    });

    it("refuses one more than 4,096 candidates", async () => {
      const { world, registry, second } = await loadFixture(oneStands);
      const address = await registry.getAddress();
      const slot = await slotOfStandingCount(world);
      await expect(registry.connect(second).stand(0, MIN, 0))
        .to.be.revertedWithCustomError(registry, "CandidatesTooMany")
        .withArgs(4_096);
      await networkHelpers.setStorageAt(address, slot, 4_095n);
      await registry.connect(second).stand(0, MIN, 0);
      expect(await registry.standingCount()).to.equal(4_096);
    });
  });

  describe("again", () => {
    it("refuses who stands", async () => {
      const { registry, first } = await loadFixture(oneStands);
      await expect(registry.connect(first).stand(0, MIN, 0))
        .to.be.revertedWithCustomError(registry, "CandidateStatusMismatch")
        .withArgs(1, CandidateStatus.Standing);
    });

    it("refuses who is in jail or tombstoned", async () => {
      for (const status of ["Jailed", "Tombstoned"] as const) {
        const { world, registry, first } = await loadFixture(oneStands);
        await putIntoStatus(world, status);
        await expect(registry.connect(first).stand(0, MIN, 0))
          .to.be.revertedWithCustomError(registry, "CandidateStatusMismatch")
          .withArgs(1, CandidateStatus[status]);
      }
    });

    it("needs no more coin when enough is at stake, and ignores the commission", async () => {
      const { world, registry, first, medicalCoin } = await loadFixture(oneStands);
      await putIntoStatus(world, "Resigned");
      const sent = registry.connect(first).stand(9_999, 0, 0);
      await expect(sent).to.changeTokenBalances(ethers, medicalCoin, [first, registry], [0, 0]);
      await expect(sent).to.emit(registry, "CandidateStood").withArgs(1, first.address, 1_000);
      await expect(sent).not.to.emit(registry, "Delegated");
      expect((await registry.candidacyOf(1)).commission).to.equal(1_000);
      expect(await rankingOf(world)).to.deep.equal([1]);
    });

    it("adds up what is at stake and what comes", async () => {
      const { world, registry, first } = await loadFixture(oneStands);
      await registry.connect(first).undelegate(1, coins(2_500), 0);
      expect((await registry.candidacyOf(1)).status).to.equal(CandidateStatus.Resigned);
      await expect(registry.connect(first).stand(0, coins(500) - 1n, 0))
        .to.be.revertedWithCustomError(registry, "SelfStakeTooSmall")
        .withArgs(MIN - 1n, MIN);
      await registry.connect(first).stand(0, coins(500), 0);
      expect(await powerOf(world, 1)).to.equal(1_000_000_000_000n);
    });

    it("counts what others have at stake for the ranking, not for the minimum", async () => {
      const { world, registry, first, delegator } = await loadFixture(oneStands);
      await registry.connect(delegator).delegate(1, coins(9_000), 0);
      await registry.connect(first).undelegate(1, coins(3_000), 0);
      await expect(registry.connect(first).stand(0, 0, 0))
        .to.be.revertedWithCustomError(registry, "SelfStakeTooSmall")
        .withArgs(0, MIN);
      await registry.connect(first).stand(0, MIN, 0);
      expect(await powerOf(world, 1)).to.equal(10_000_000_000_000n);
    });
  });
});

describe("ValidatorRegistry: resign", () => {
  it("takes the candidate out of the ranking, and leaves its stake bonded", async () => {
    const { world, registry, first, medicalCoin } = await loadFixture(oneStands);
    const sent = registry.connect(first).resign(1);
    await expect(sent).to.emit(registry, "CandidateResigned").withArgs(1);
    await expect(sent).to.changeTokenBalances(ethers, medicalCoin, [first, registry], [0, 0]);
    expect((await registry.candidacyOf(1)).status).to.equal(CandidateStatus.Resigned);
    expect(await registry.standingCount()).to.equal(0);
    expect(await registry.ranks(1)).to.equal(BigInt(first.address));
    expect(await rankingOf(world)).to.deep.equal([]);
    expect(await registry.stakeOf(1, first)).to.equal(coins(3_000));
  });

  it("refuses everybody but the operator, and of every number that nobody operates", async () => {
    const { registry, second, administrator, certifier } = await loadFixture(oneStands);
    for (const caller of [second, administrator, certifier]) {
      for (const candidate of [0, 1, 2, 65_535]) {
        await expect(registry.connect(caller).resign(candidate))
          .to.be.revertedWithCustomError(registry, "OperatorMismatch")
          .withArgs(candidate, caller.address);
      }
    }
  });

  for (const status of ["Resigned", "Jailed", "Tombstoned"] as const) {
    it(`refuses who is ${status.toLowerCase()}`, async () => {
      const { world, registry, first } = await loadFixture(oneStands);
      await putIntoStatus(world, status);
      await expect(registry.connect(first).resign(1))
        .to.be.revertedWithCustomError(registry, "CandidateStatusMismatch")
        .withArgs(1, CandidateStatus[status]);
    });
  }

  it("needs no certificate", async () => {
    const { registry, first, accountCenter, registrar } = await loadFixture(oneStands);
    await accountCenter.connect(registrar).revoke(first, 0);
    await registry.connect(first).resign(1);
  });
});

describe("ValidatorRegistry: expel", () => {
  const lapses: Record<string, (world: Consortium) => Promise<unknown>> = {
    suspended: (world) => world.accountCenter.connect(world.registrar).suspend(institutionOf(world, 0).operator, 0),
    revoked: (world) => world.accountCenter.connect(world.registrar).revoke(institutionOf(world, 0).operator, 0),
    expired: async (world) => {
      const expiresAt = (await time.latest()) + DAY;
      await certify(world, institutionOf(world, 0).operator.address, { expiresAt });
      await time.increaseTo(expiresAt);
    },
    "below a minimum that was raised": async ({ validatorRegistry, consortiumOperator }) => {
      const rules = { ...RULES, minSelfStake: coins(3_000) + 1n };
      await validatorRegistry.connect(consortiumOperator).setRules(rules);
    },
  };
  for (const [name, lapse] of Object.entries(lapses)) {
    it(`lets anybody take out who is ${name}`, async () => {
      const { world, registry, stranger } = await loadFixture(oneStands);
      await lapse(world);
      await expect(registry.connect(stranger).expel(1)).to.emit(registry, "CandidateResigned").withArgs(1);
      expect((await registry.candidacyOf(1)).status).to.equal(CandidateStatus.Resigned);
      expect(await rankingOf(world)).to.deep.equal([]);
      expect(await registry.standingCount()).to.equal(0);
    });
  }

  it("refuses who is in good standing, even if it has just the minimum", async () => {
    const { registry, second, stranger } = await loadFixture(oneStands);
    await registry.connect(second).stand(0, MIN, 0);
    for (const candidate of [1, 2]) {
      await expect(registry.connect(stranger).expel(candidate))
        .to.be.revertedWithCustomError(registry, "CandidateInGoodStanding")
        .withArgs(candidate);
    }
  });

  for (const status of ["Resigned", "Jailed", "Tombstoned"] as const) {
    it(`refuses who is ${status.toLowerCase()}, whatever the certificate`, async () => {
      const { world, registry, first, accountCenter, registrar, stranger } = await loadFixture(oneStands);
      await putIntoStatus(world, status);
      await accountCenter.connect(registrar).suspend(first, 0);
      await expect(registry.connect(stranger).expel(1))
        .to.be.revertedWithCustomError(registry, "CandidateStatusMismatch")
        .withArgs(1, CandidateStatus[status]);
    });
  }

  it("refuses numbers that never stood", async () => {
    const { registry, stranger } = await loadFixture(oneStands);
    for (const candidate of [0, 2, 65_535]) {
      await expect(registry.connect(stranger).expel(candidate))
        .to.be.revertedWithCustomError(registry, "CandidateStatusMismatch")
        .withArgs(candidate, CandidateStatus.None);
    }
  });

  it("lets the institution stand again once the certificate is good", async () => {
    const { world, registry, first, accountCenter, registrar, stranger } = await loadFixture(oneStands);
    await accountCenter.connect(registrar).suspend(first, 0);
    await registry.connect(stranger).expel(1);
    await expect(registry.connect(first).stand(0, 0, 0)).to.be.revertedWithCustomError(registry, "AccountSuspended");
    await accountCenter.connect(registrar).reinstate(first);
    await registry.connect(first).stand(0, 0, 0);
    expect(await rankingOf(world)).to.deep.equal([1]);
  });
});
