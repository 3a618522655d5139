import { expect } from "chai";
import { encodeBytes32String } from "ethers";
import type { ValidatorRules } from "../../src/consensus/validatorRules.js";
import { DAY, ethers, loadFixture, time } from "../fixture.js";
import { coins, consortiumOf, GENESIS, RULES, SLOT_TIME } from "./world.js";

const LIMIT = (2n ** 64n - 1n) * 10n ** 9n;

async function deployed() {
  const world = await consortiumOf([]);
  const registry = world.validatorRegistry;
  return { ...world, registry, setRules: registry.connect(world.consortiumOperator).setRules };
}

describe("ValidatorRegistry: rules", () => {
  it("are those of the deployment", async () => {
    const { registry, accountCenter, medicalCoin } = await loadFixture(deployed);
    expect(await registry.rules()).to.deep.equal(Object.values(RULES));
    expect(await registry.accountCenter()).to.equal(await accountCenter.getAddress());
    expect(await registry.medicalCoin()).to.equal(await medicalCoin.getAddress());
  });

  it("change as a whole, with an event", async () => {
    const { registry, setRules } = await loadFixture(deployed);
    const rules: ValidatorRules = {
      seats: 9,
      minValidators: 5,
      epochLength: 61,
      unbondingEpochs: 2,
      maxCommission: 1,
      commissionNotice: 3,
      jailTime: 62,
      slashFraction: 63,
      minSelfStake: 64_000_000_000n,
    };
    await expect(setRules(rules)).to.emit(registry, "RulesSet").withArgs(Object.values(rules));
    expect(await registry.rules()).to.deep.equal(Object.values(rules));
  });

  const inBounds: readonly Partial<ValidatorRules>[] = [
    { seats: 4 },
    { seats: 128, minValidators: 128 },
    { minValidators: 4 },
    { minValidators: 21 },
    { epochLength: 10 },
    { epochLength: 30 * DAY },
    { unbondingEpochs: 2 },
    { unbondingEpochs: 60 },
    { maxCommission: 0 },
    { maxCommission: 5_000 },
    { commissionNotice: 1 },
    { commissionNotice: 60 },
    { jailTime: 1 },
    { jailTime: 30 * DAY },
    { slashFraction: 1 },
    { slashFraction: 10_000 },
    { minSelfStake: 1_000_000_000n },
    { minSelfStake: 2n ** 96n - 1n },
  ];
  for (const change of inBounds) {
    it(`may be ${describeRules(change)}`, async () => {
      const { registry, setRules } = await loadFixture(deployed);
      await setRules({ ...RULES, ...change });
      expect(await registry.rules()).to.deep.equal(Object.values({ ...RULES, ...change }));
    });
  }

  const outOfBounds: readonly [Partial<ValidatorRules>, string][] = [
    [{ seats: 129 }, "seats"],
    [{ seats: 255, minValidators: 255 }, "seats"],
    [{ seats: 3 }, "minValidators"],
    [{ seats: 0 }, "minValidators"],
    [{ seats: 3, minValidators: 3 }, "minValidators"],
    [{ minValidators: 3 }, "minValidators"],
    [{ minValidators: 0 }, "minValidators"],
    [{ minValidators: 22 }, "minValidators"],
    [{ epochLength: 9 }, "epochLength"],
    [{ epochLength: 0 }, "epochLength"],
    [{ epochLength: 30 * DAY + 1 }, "epochLength"],
    [{ unbondingEpochs: 0 }, "unbondingEpochs"],
    [{ unbondingEpochs: 1 }, "unbondingEpochs"],
    [{ unbondingEpochs: 61 }, "unbondingEpochs"],
    [{ maxCommission: 5_001 }, "maxCommission"],
    [{ commissionNotice: 0 }, "commissionNotice"],
    [{ commissionNotice: 61 }, "commissionNotice"],
    [{ jailTime: 0 }, "jailTime"],
    [{ jailTime: 30 * DAY + 1 }, "jailTime"],
    [{ slashFraction: 0 }, "slashFraction"],
    [{ slashFraction: 10_001 }, "slashFraction"],
    [{ minSelfStake: 999_999_999n }, "minSelfStake"],
    [{ minSelfStake: 0n }, "minSelfStake"],
  ];
  for (const [change, rule] of outOfBounds) {
    it(`may not be ${describeRules(change)}`, async () => {
      const { registry, setRules } = await loadFixture(deployed);
      await expect(setRules({ ...RULES, ...change }))
        .to.be.revertedWithCustomError(registry, "RuleOutOfBounds")
        .withArgs(encodeBytes32String(rule));
      expect(await registry.rules()).to.deep.equal(Object.values(RULES));
    });
  }

  it("are for the consortium's operator only", async () => {
    const { registry, administrator, certifier, registrar, stranger } = await loadFixture(deployed);
    for (const caller of [administrator, certifier, registrar, stranger]) {
      await expect(registry.connect(caller).setRules(RULES))
        .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
  });
});

describe("ValidatorRegistry: deployment", () => {
  interface Terms {
    readonly genesis: number;
    readonly slotTime: number;
    readonly rules: ValidatorRules;
    /** The coin's lifetime cap, in wei. */
    readonly cap: bigint;
  }

  async function deploy(world: Awaited<ReturnType<typeof deployed>>, changes: Partial<Terms> = {}) {
    const { genesis, slotTime, rules, cap } = {
      ...{ genesis: GENESIS, slotTime: SLOT_TIME, rules: RULES, cap: coins(1) },
      ...changes,
    };
    const consortium = await world.consortium.getAddress();
    const coin = await ethers.deployContract("MedicalCoin", [consortium, cap]);
    const addresses = [consortium, await world.accountCenter.getAddress(), await coin.getAddress()];
    return ethers.deployContract("ValidatorRegistry", [...addresses, genesis, slotTime, rules]);
  }

  it("takes a genesis that is now, and none in the future", async () => {
    const world = await loadFixture(deployed);
    const now = (await time.latest()) + 10;
    // The coin's block comes a second before the registry's.
    await time.setNextBlockTimestamp(now - 1);
    await deploy(world, { genesis: now });
    await time.setNextBlockTimestamp(now + 9);
    await expect(deploy(world, { genesis: now + 11 }))
      .to.be.revertedWithCustomError(world.registry, "RuleOutOfBounds")
      .withArgs(encodeBytes32String("genesis"));
  });

  it("takes slots of 1 to 3,600 seconds", async () => {
    const world = await loadFixture(deployed);
    for (const slotTime of [1, 3_600]) await deploy(world, { slotTime });
    for (const slotTime of [0, 3_601]) {
      await expect(deploy(world, { slotTime }))
        .to.be.revertedWithCustomError(world.registry, "RuleOutOfBounds")
        .withArgs(encodeBytes32String("slotTime"));
    }
  });

  it("takes rules within their bounds only", async () => {
    const world = await loadFixture(deployed);
    await expect(deploy(world, { rules: { ...RULES, seats: 129 } }))
      .to.be.revertedWithCustomError(world.registry, "RuleOutOfBounds")
      .withArgs(encodeBytes32String("seats"));
  });

  it("takes a coin whose cap is as many gwei as fit 64 bits, and none above", async () => {
    const world = await loadFixture(deployed);
    await deploy(world, { cap: LIMIT });
    await expect(deploy(world, { cap: LIMIT + 1n }))
      .to.be.revertedWithCustomError(world.registry, "EmissionCapTooLarge")
      .withArgs(LIMIT + 1n, LIMIT);
  });
});

function describeRules(rules: Partial<ValidatorRules>): string {
  return Object.entries(rules)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}
