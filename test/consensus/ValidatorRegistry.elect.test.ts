import { expect } from "chai";
import fc from "fast-check";
import { DAY, loadFixture, time } from "../fixture.js";
import {
  type Consortium,
  certify,
  coins,
  consortiumOf,
  elect,
  GENESIS,
  institutionAt,
  institutionOf,
  RULES,
  rankingOf,
  SLOT_TIME,
  settle,
} from "./world.js";

interface Elected {
  readonly candidate: number;
  readonly validator: string;
  /** In gwei. */
  readonly power: bigint;
}

async function setOf({ validatorRegistry }: Consortium, epoch: number): Promise<Elected[]> {
  const [, , words] = await validatorRegistry.seatsOf(epoch);
  let before = 0n;
  return words.map((word) => {
    const end = BigInt.asUintN(64, word >> 160n);
    const power = end - before;
    before = end;
    return { candidate: Number(word >> 224n), validator: `0x${BigInt.asUintN(160, word).toString(16)}`, power };
  });
}

async function candidatesOf(world: Consortium, epoch: number): Promise<number[]> {
  return (await setOf(world, epoch)).map(({ candidate }) => candidate);
}

/** The fields of an epoch, by the layout that the contract draws. */
function fieldsOf(word: bigint) {
  const field = (at: bigint, bits: number): bigint => BigInt.asUintN(bits, word >> at);
  return {
    number: field(0n, 32),
    startedAt: field(32n, 40),
    firstSlot: field(72n, 40),
    firstBlock: field(112n, 48),
    snapshot: field(160n, 8),
    seats: field(168n, 8),
    total: field(176n, 64),
  };
}

/** Six stand, the last with the most; five have a seat. Nothing is elected. */
async function sixStand() {
  const world = await consortiumOf([2_000, 2_100, 2_200, 2_300, 2_400, 2_500].map(coins), { rules: { seats: 5 } });
  const registry = world.validatorRegistry;
  return { ...world, world, registry, anybody: registry.connect(world.stranger) };
}

async function elected() {
  const world = await sixStand();
  await elect(world);
  return world;
}

const suspend = (world: Consortium, index: number) =>
  world.accountCenter.connect(world.registrar).suspend(institutionOf(world, index).operator, 0);
const reinstate = (world: Consortium, index: number) =>
  world.accountCenter.connect(world.registrar).reinstate(institutionOf(world, index).operator);

describe("ValidatorRegistry: elect", () => {
  describe("for the first time", () => {
    it("may come at once, from anybody, and begins epoch 1 with the next block and slot", async () => {
      const { registry, anybody } = await loadFixture(sixStand);
      const now = (await time.latest()) + 50;
      await time.setNextBlockTimestamp(now);
      const block = BigInt((await time.latestBlock()) + 1);
      const total = 11_500_000_000_000n;
      await expect(anybody.elect()).to.emit(registry, "EpochStarted").withArgs(1, 5, total);
      expect(fieldsOf(await registry.currentEpoch())).to.deep.equal({
        number: 1n,
        startedAt: BigInt(now),
        firstSlot: BigInt(Math.floor((now - GENESIS) / SLOT_TIME)) + 1n,
        firstBlock: block + 1n,
        snapshot: 1n,
        seats: 5n,
        total,
      });
      expect(await registry.epochOf(1)).to.equal(await registry.currentEpoch());
      expect(await registry.oldestEpoch()).to.equal(1);
    });

    it("seats those with the most stake, in the order of their numbers", async () => {
      const { world, registry } = await loadFixture(elected);
      const set = await setOf(world, 1);
      expect(set.map(({ candidate }) => candidate)).to.deep.equal([2, 3, 4, 5, 6]);
      expect(set.map(({ power }) => power)).to.deep.equal([2_100, 2_200, 2_300, 2_400, 2_500].map(gwei));
      const operators = world.institutions.slice(1).map(({ operator }) => operator.address);
      expect(await registry.getValidators()).to.deep.equal(operators);
    });

    it("refuses too few", async () => {
      const { world, registry, anybody } = await loadFixture(sixStand);
      for (const index of [0, 1, 2]) await suspend(world, index);
      await expect(anybody.elect()).to.be.revertedWithCustomError(registry, "ValidatorsTooFew").withArgs(3, 4);
      await reinstate(world, 0);
      await anybody.elect();
      expect(await candidatesOf(world, 1)).to.deep.equal([1, 4, 5, 6]);
    });

    it("refuses none at all", async () => {
      const world = await loadFixture(async function nobody() {
        return consortiumOf([]);
      });
      const registry = world.validatorRegistry;
      await expect(registry.elect()).to.be.revertedWithCustomError(registry, "ValidatorsTooFew").withArgs(0, 4);
      expect(await registry.getValidators()).to.deep.equal([]);
      expect(await registry.currentEpoch()).to.equal(0);
      expect(await registry.oldestEpoch()).to.equal(1);
    });
  });

  describe("afterwards", () => {
    it("comes when the epoch is over, not a second earlier", async () => {
      const { registry, anybody } = await loadFixture(elected);
      const dueAt = (await time.latest()) + RULES.epochLength;
      await expect(anybody.elect()).to.be.revertedWithCustomError(registry, "EpochNotDue").withArgs(dueAt);
      await time.setNextBlockTimestamp(dueAt - 1);
      await expect(anybody.elect()).to.be.revertedWithCustomError(registry, "EpochNotDue").withArgs(dueAt);
      await time.setNextBlockTimestamp(dueAt);
      await anybody.elect();
      await expect(anybody.elect())
        .to.be.revertedWithCustomError(registry, "EpochNotDue")
        .withArgs(dueAt + RULES.epochLength);
    });

    it("may be late; the next epoch lasts its time from then", async () => {
      const { registry, anybody } = await loadFixture(elected);
      await time.increase(10 * RULES.epochLength);
      expect(await anybody.elect.staticCall()).to.equal(2);
      await anybody.elect();
      expect(fieldsOf(await registry.currentEpoch()).number).to.equal(2n);
      await expect(anybody.elect())
        .to.be.revertedWithCustomError(registry, "EpochNotDue")
        .withArgs((await time.latest()) + RULES.epochLength);
    });

    it("follows the stakes of now", async () => {
      const { world, registry, delegator } = await loadFixture(elected);
      await registry.connect(delegator).delegate(1, coins(150), 0);
      await elect(world);
      expect(await candidatesOf(world, 2)).to.deep.equal([1, 3, 4, 5, 6]);
      expect(await candidatesOf(world, 1)).to.deep.equal([2, 3, 4, 5, 6]);
    });

    it("prefers, of equals, who came first", async () => {
      const { world, registry, delegator } = await loadFixture(elected);
      await registry.connect(delegator).delegate(1, coins(100), 0);
      await elect(world);
      expect(await candidatesOf(world, 2)).to.deep.equal([2, 3, 4, 5, 6]);
    });

    it("follows the rules of now: seats, minimum and length", async () => {
      const { world, registry, consortiumOperator, anybody } = await loadFixture(elected);
      const setRules = registry.connect(consortiumOperator).setRules;
      await setRules({ ...RULES, seats: 6, epochLength: 600 });
      const { startedAt } = fieldsOf(await registry.currentEpoch());
      await time.setNextBlockTimestamp(startedAt + 600n);
      await anybody.elect();
      expect(await candidatesOf(world, 2)).to.deep.equal([1, 2, 3, 4, 5, 6]);
      await setRules({ ...RULES, seats: 4 });
      await elect(world);
      expect(await candidatesOf(world, 3)).to.deep.equal([3, 4, 5, 6]);
      await setRules({ ...RULES, seats: 128, minValidators: 7 });
      await expectExtended(world, 6);
    });
  });

  describe("passes over", () => {
    const lapses: Record<string, (world: Consortium) => Promise<unknown>> = {
      "who is suspended": (world) => suspend(world, 4),
      "who is revoked": (world) =>
        world.accountCenter.connect(world.registrar).revoke(institutionOf(world, 4).operator, 0),
      "whose certificate has expired": (world) => lapseAtNextElection(world, 0),
    };
    for (const [name, lapse] of Object.entries(lapses)) {
      it(`${name}, and seats the next`, async () => {
        const { world, registry } = await loadFixture(elected);
        await lapse(world);
        await elect(world);
        expect(await candidatesOf(world, 2)).to.deep.equal([1, 2, 3, 4, 6]);
        expect(await rankingOf(world)).to.include(5);
        expect(await registry.standingCount()).to.equal(6);
      });
    }

    it("nobody whose certificate expires a second later", async () => {
      const { world } = await loadFixture(elected);
      await lapseAtNextElection(world, 1);
      await elect(world);
      expect(await candidatesOf(world, 2)).to.deep.equal([2, 3, 4, 5, 6]);
    });

    it("who resigned, is in jail or tombstoned", async () => {
      const { world, registry, certifier } = await loadFixture(elected);
      const judge = registry.connect(certifier);
      await judge.jail(6);
      await elect(world);
      expect(await candidatesOf(world, 2)).to.deep.equal([1, 2, 3, 4, 5]);
      await judge.slash(5, 2);
      await elect(world);
      expect(await candidatesOf(world, 3)).to.deep.equal([1, 2, 3, 4]);
    });

    it("128 lapsed candidates on top, and elects all the others", async () => {
      const { world, registry } = await loadFixture(lapsedOnTop(128));
      await elect(world);
      expect(await candidatesOf(world, 2)).to.deep.equal([1, 2, 3, 4, 5]);
      expect(fieldsOf(await registry.currentEpoch()).seats).to.equal(5n);
    });

    it("no more than about that many; then they have to be expelled", async () => {
      const { world, registry } = await loadFixture(lapsedOnTop(140));
      await expectExtended(world, 0);
      for (let candidate = 100; candidate < 115; candidate += 1) await registry.expel(candidate);
      await elect(world);
      expect(await candidatesOf(world, 3)).to.deep.equal([1, 2, 3, 4, 5]);
    });
  });

  describe("with too few", () => {
    it("keeps the set before for another epoch, and takes a new one when it can", async () => {
      const { world, registry } = await loadFixture(elected);
      const first = fieldsOf(await registry.currentEpoch());
      const validators = await registry.getValidators();
      for (const index of [0, 1, 2]) await suspend(world, index);

      await expectExtended(world, 3);
      const second = fieldsOf(await registry.currentEpoch());
      expect(await registry.getValidators()).to.deep.equal(validators);
      expect(second).to.deep.equal({
        ...first,
        number: 2n,
        startedAt: BigInt(await time.latest()),
        firstSlot: BigInt(Math.floor(((await time.latest()) - GENESIS) / SLOT_TIME)) + 1n,
        firstBlock: BigInt(await time.latestBlock()) + 1n,
      });
      await expectExtended(world, 3);
      expect(await candidatesOf(world, 3)).to.deep.equal([2, 3, 4, 5, 6]);

      await reinstate(world, 0);
      await elect(world);
      expect(fieldsOf(await registry.currentEpoch()).snapshot).to.equal(2n);
      expect(await candidatesOf(world, 4)).to.deep.equal([1, 4, 5, 6]);
      for (const epoch of [1, 2, 3]) expect(await candidatesOf(world, epoch)).to.deep.equal([2, 3, 4, 5, 6]);
    });

    it("keeps it even when nobody stands any more", async () => {
      const { world, registry } = await loadFixture(elected);
      for (const { candidate, operator } of world.institutions) await registry.connect(operator).resign(candidate);
      await expectExtended(world, 0);
      expect(await candidatesOf(world, 2)).to.deep.equal([2, 3, 4, 5, 6]);
    });
  });

  describe("caps", () => {
    const cases: Record<string, [readonly number[], readonly number[]]> = {
      "nobody where nobody has a third": [
        [1_000, 1_100, 1_200, 1_300],
        [1_000, 1_100, 1_200, 1_300],
      ],
      "nobody of four equals": [
        [1_000, 1_000, 1_000, 1_000],
        [1_000, 1_000, 1_000, 1_000],
      ],
    };
    for (const [name, [stakes, powers]] of Object.entries(cases)) {
      it(name, async () => {
        const world = await loadFixture(async function staked() {
          return consortiumOf(stakes.map(coins));
        });
        await elect(world);
        expect((await setOf(world, 1)).map(({ power }) => power)).to.deep.equal(powers.map(gwei));
      });
    }

    it("one giant just below a third", async () => {
      const world = await loadFixture(async function giant() {
        return consortiumOf([100_000, 1_000, 1_100, 1_200].map(coins));
      });
      await elect(world);
      const [, , , , , , total] = Object.values(fieldsOf(await world.validatorRegistry.currentEpoch()));
      const powers = (await setOf(world, 1)).map(({ power }) => power);
      expect(powers).to.deep.equal([gwei(1_650) - 1n, gwei(1_000), gwei(1_100), gwei(1_200)]);
      expect(total).to.equal(gwei(4_950) - 1n);
    });

    it("two giants below a third each", async () => {
      const world = await loadFixture(async function giants() {
        return consortiumOf([1_000, 100_000, 1_100, 50_000].map(coins));
      });
      await elect(world);
      const powers = (await setOf(world, 1)).map(({ power }) => power);
      expect(powers).to.deep.equal([gwei(1_000), gwei(2_100) - 1n, gwei(1_100), gwei(2_100) - 1n]);
    });

    it("everybody below a third, whatever the stakes, and seats the top", async () => {
      // Six of them fit the delegator's purse.
      const stake = fc.integer({ min: 0, max: 160_000 });
      await fc.assert(
        fc.asyncProperty(fc.array(stake, { minLength: 6, maxLength: 6 }), async (extra) => {
          const { world, registry, delegator } = await loadFixture(sixStand);
          const stakes = extra.map((amount, index) => 2_000 + 100 * index + amount);
          for (const [index, amount] of extra.entries()) {
            if (amount !== 0) await registry.connect(delegator).delegate(index + 1, coins(amount), 0);
          }
          await elect(world);
          const set = await setOf(world, 1);
          const total = set.reduce((sum, { power }) => sum + power, 0n);
          expect(set).to.have.length(5);
          for (const { candidate, power } of set) {
            expect(3n * power < total).to.equal(true);
            expect(power <= gwei(stakes[candidate - 1] ?? 0)).to.equal(true);
          }
          const seated = set.map(({ candidate }) => stakes[candidate - 1] ?? 0);
          expect([...seated].sort((a, b) => b - a)).to.deep.equal([...stakes].sort((a, b) => b - a).slice(0, 5));
        }),
        { numRuns: 12 },
      );
    });
  });

  it("seats 128, and answers for them", async () => {
    const world = await loadFixture(async function everySeat() {
      const stakes = Array.from({ length: 130 }, (_, index) => coins(1_000 + ((index * 37) % 130)));
      return consortiumOf(stakes, { rules: { seats: 128 } });
    });
    const registry = world.validatorRegistry;
    await elect(world);
    const set = await setOf(world, 1);
    expect(set).to.have.length(128);
    const stakes = world.institutions.map(({ candidate }) => ({ candidate, stake: ((candidate - 1) * 37) % 130 }));
    const seated = stakes.filter(({ stake }) => stake > 1).map(({ candidate }) => candidate);
    expect(set.map(({ candidate }) => candidate)).to.deep.equal(seated);
    expect(await registry.getValidators()).to.deep.equal(
      seated.map((candidate) => institutionOf(world, candidate - 1).operator.address),
    );
    await world.accountCenter.connect(world.registrar).suspend(institutionOf(world, 50).operator, 0);
    await elect(world);
    const next = await candidatesOf(world, 2);
    expect(next).to.have.length(128);
    expect(next).not.to.include(51);
  }).timeout(120_000);
});

function gwei(amount: number): bigint {
  return BigInt(amount) * 1_000_000_000n;
}

async function expectExtended(world: Consortium, eligible: number): Promise<void> {
  const registry = world.validatorRegistry;
  const { number, startedAt } = fieldsOf(await registry.currentEpoch());
  const dueAt = startedAt + (await registry.rules()).epochLength;
  if ((await time.latest()) < dueAt) await time.setNextBlockTimestamp(dueAt);
  const sent = registry.elect();
  await expect(sent)
    .to.emit(registry, "EpochExtended")
    .withArgs(number + 1n, eligible);
  await expect(sent).not.to.emit(registry, "EpochStarted");
}

/** Lets the certificate of institution 5 end so many seconds after the next election. */
async function lapseAtNextElection(world: Consortium, seconds: number): Promise<void> {
  const { startedAt } = fieldsOf(await world.validatorRegistry.currentEpoch());
  const expiresAt = Number(startedAt) + RULES.epochLength + seconds;
  await certify(world, institutionOf(world, 4).operator.address, { expiresAt });
}

/** Five validators of epoch 1, above whom so many stand whose certificates are over. */
function lapsedOnTop(count: number) {
  return async function lapsed() {
    const world = await consortiumOf([2_000, 2_100, 2_200, 2_300, 2_400].map(coins), { rules: { seats: 5 } });
    await elect(world);
    for (let i = 0; i < count; i += 1) await settle(world, institutionAt(5 + i), coins(3_000));
    const renewed = world.institutions.map(({ operator }) => operator.address);
    await time.increase(366 * DAY);
    for (const wallet of renewed) await certify(world, wallet);
    return { ...world, world, registry: world.validatorRegistry };
  };
}
