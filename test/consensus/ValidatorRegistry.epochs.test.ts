import { expect } from "chai";
import { leaderSeat } from "../../src/consensus/schedule.js";
import { loadFixture, time } from "../fixture.js";
import { type Consortium, coins, consortiumOf, elect, GENESIS, institutionOf, SLOT_TIME } from "./world.js";

const MAX_EPOCH = 2 ** 32 - 1;

async function fiveStand() {
  const world = await consortiumOf([2_000, 2_100, 2_200, 2_300, 2_400].map(coins));
  return { ...world, world, registry: world.validatorRegistry };
}

async function elected() {
  const world = await fiveStand();
  await elect(world);
  return world;
}

/** 70 epochs in which every set differs from the ones before: the delegator gives candidate 1 another 10 coins in each. */
async function seventyEpochs() {
  const world = await fiveStand();
  const totals = new Map<number, bigint>();
  for (let epoch = 1; epoch <= 70; epoch += 1) {
    await elect(world);
    totals.set(epoch, totalOf(await world.registry.currentEpoch()));
    await world.registry.connect(world.delegator).delegate(1, coins(10), 0);
  }
  return { ...world, totals };
}

function totalOf(epoch: bigint): bigint {
  return BigInt.asUintN(64, epoch >> 176n);
}

function firstSlotOf(epoch: bigint): number {
  return Number(BigInt.asUintN(40, epoch >> 72n));
}

function firstBlockOf(epoch: bigint): number {
  return Number(BigInt.asUintN(48, epoch >> 112n));
}

/** Whom the library says leads a slot, by the set of an epoch. */
async function leaderBy({ validatorRegistry }: Consortium, epoch: number, slot: number): Promise<string | undefined> {
  const [, , seats] = await validatorRegistry.seatsOf(epoch);
  const ends = seats.map((seat) => BigInt.asUintN(64, seat >> 160n));
  const seat = seats[leaderSeat(slot, ends, ends.at(-1) ?? 0n)];
  return seat === undefined ? undefined : `0x${BigInt.asUintN(160, seat).toString(16).padStart(40, "0")}`;
}

async function expectLeaders(world: Consortium, epoch: number, slots: readonly number[]): Promise<void> {
  for (const slot of slots) {
    const leader = await world.validatorRegistry.leaderAt(slot);
    expect(leader.toLowerCase(), `leader of slot ${slot}`).to.equal(await leaderBy(world, epoch, slot));
  }
}

describe("ValidatorRegistry: epochs", () => {
  it("are none before the first election", async () => {
    const { registry } = await loadFixture(fiveStand);
    expect(await registry.getValidators()).to.deep.equal([]);
    expect(await registry.currentEpoch()).to.equal(0);
    expect(await registry.oldestEpoch()).to.equal(1);
    for (const epoch of [0, 1, 64, MAX_EPOCH]) {
      for (const read of [registry.epochOf(epoch), registry.seatsOf(epoch)]) {
        await expect(read).to.be.revertedWithCustomError(registry, "EpochUnknown").withArgs(epoch);
      }
    }
  });

  it("last until the block that elects the next; the next one is the new set's", async () => {
    const { world, registry } = await loadFixture(elected);
    const [first, open] = await registry.seatsOf(1);
    expect(open).to.equal(2n ** 256n - 1n);
    expect(first).to.equal(await registry.currentEpoch());
    await elect(world);
    const [, endBlock] = await registry.seatsOf(1);
    expect(endBlock).to.equal((await time.latestBlock()) + 1);
    const [second] = await registry.seatsOf(2);
    expect(firstBlockOf(second)).to.equal(endBlock);
    expect(await registry.epochOf(1)).to.equal(first);
  });

  it("are kept for 64 epochs, each with its own set", async () => {
    const { registry, totals } = await loadFixture(seventyEpochs);
    expect(await registry.oldestEpoch()).to.equal(7);
    for (let epoch = 7; epoch <= 70; epoch += 1) {
      const [record, endBlock, seats] = await registry.seatsOf(epoch);
      expect(Number(BigInt.asUintN(32, record))).to.equal(epoch);
      expect(record).to.equal(await registry.epochOf(epoch));
      expect(totalOf(record)).to.equal(totals.get(epoch));
      expect(BigInt.asUintN(64, (seats.at(-1) ?? 0n) >> 160n)).to.equal(totals.get(epoch));
      if (epoch < 70) expect(endBlock).to.equal(firstBlockOf(await registry.epochOf(epoch + 1)));
    }
  }).timeout(120_000);

  it("are unknown before those, and in the future", async () => {
    const { registry } = await loadFixture(seventyEpochs);
    for (const epoch of [0, 1, 5, 6, 71, 72, 134, MAX_EPOCH]) {
      for (const read of [registry.epochOf(epoch), registry.seatsOf(epoch)]) {
        await expect(read).to.be.revertedWithCustomError(registry, "EpochUnknown").withArgs(epoch);
      }
    }
  }).timeout(120_000);

  it("keep the set that they go on with while it is needed", async () => {
    const { world, registry } = await loadFixture(elected);
    const validators = await registry.getValidators();
    const [, , seats] = await registry.seatsOf(1);
    for (const { candidate, operator } of world.institutions) await registry.connect(operator).resign(candidate);
    await elect(world, 70);
    expect(await registry.getValidators()).to.deep.equal(validators);
    for (const epoch of [8, 9, 40, 71]) expect((await registry.seatsOf(epoch))[2]).to.deep.equal(seats);
    await expect(registry.seatsOf(7)).to.be.revertedWithCustomError(registry, "EpochUnknown").withArgs(7);
  });

  it("have no more of a set than its seats, after a larger one was kept in the same place", async () => {
    const { world, registry } = await loadFixture(elected);
    await registry.connect(institutionOf(world, 0).operator).resign(1);
    await elect(world, 64);
    const [, , seats] = await registry.seatsOf(65);
    expect(seats).to.have.length(4);
    expect(await registry.getValidators()).to.have.length(4);
    await expectLeaders(
      world,
      65,
      Array.from({ length: 12 }, (_, i) => 100_000_000 + i),
    );
  });

  it("answer getValidators as an array of addresses is encoded, and nothing else", async () => {
    const { registry } = await loadFixture(elected);
    const [, , seats] = await registry.seatsOf(1);
    expect(seats.map((seat) => seat >> 240n)).to.deep.equal([0n, 0n, 0n, 0n, 0n]);
    const raw = await registry.runner?.provider?.call({
      to: await registry.getAddress(),
      data: registry.interface.encodeFunctionData("getValidators"),
    });
    expect(raw).to.equal(
      registry.interface.encodeFunctionResult("getValidators", [await registry.getValidators()]).toLowerCase(),
    );
  });
});

describe("ValidatorRegistry: slotOf", () => {
  it("counts whole slots from the genesis", async () => {
    const { registry } = await loadFixture(fiveStand);
    expect(await registry.genesis()).to.equal(GENESIS);
    expect(await registry.slotTime()).to.equal(SLOT_TIME);
    for (const [seconds, slot] of [
      [0, 0],
      [SLOT_TIME - 1, 0],
      [SLOT_TIME, 1],
      [10 * SLOT_TIME - 1, 9],
      [10 * SLOT_TIME, 10],
    ] as const) {
      expect(await registry.slotOf(GENESIS + seconds)).to.equal(slot);
    }
  });

  it("has none before the genesis", async () => {
    const { registry } = await loadFixture(fiveStand);
    await expect(registry.slotOf(GENESIS - 1)).to.be.revertedWithPanic(0x11);
  });
});

describe("ValidatorRegistry: leaderAt", () => {
  it("has nobody before the first election, nor for the slot of the block that elects", async () => {
    const { world, registry } = await loadFixture(fiveStand);
    const now = await registry.slotOf(await time.latest());
    for (const slot of [0n, now, now + 1n, now + 1_000_000n]) {
      await expect(registry.leaderAt(slot)).to.be.revertedWithCustomError(registry, "SlotUnscheduled").withArgs(slot);
    }
    await elect(world);
    const electing = await registry.slotOf(await time.latest());
    for (const slot of [0n, electing - 1n, electing]) {
      await expect(registry.leaderAt(slot)).to.be.revertedWithCustomError(registry, "SlotUnscheduled").withArgs(slot);
    }
    await expectLeaders(world, 1, [Number(electing) + 1]);
  });

  it("follows the schedule of the set, as the library computes it", async () => {
    const { world, registry } = await loadFixture(elected);
    const first = firstSlotOf(await registry.currentEpoch());
    await expectLeaders(
      world,
      1,
      Array.from({ length: 60 }, (_, i) => first + i),
    );
  });

  it("goes by the set of this epoch for all slots to come, up to 2^40 - 1", async () => {
    const { world, registry } = await loadFixture(elected);
    await elect(world);
    await expectLeaders(world, 2, [1_000_000_000, 2 ** 40 - 2, 2 ** 40 - 1]);
    for (const slot of [2n ** 40n, 2n ** 128n, 2n ** 256n - 1n]) {
      await expect(registry.leaderAt(slot)).to.be.revertedWithCustomError(registry, "SlotUnscheduled").withArgs(slot);
    }
  });

  it("goes by the old set up to the slot of the block that elects, and by the new one after it", async () => {
    const { world, registry, delegator } = await loadFixture(elected);
    const start = firstSlotOf(await registry.currentEpoch());
    await registry.connect(delegator).delegate(1, coins(5_000), 0);
    await elect(world);
    const next = firstSlotOf(await registry.currentEpoch());
    expect(next).to.equal(Number(await registry.slotOf(await time.latest())) + 1);
    const around = Array.from({ length: 12 }, (_, i) => i);
    await expectLeaders(world, 1, [start, ...around.map((i) => next - 1 - i)]);
    await expectLeaders(
      world,
      2,
      around.map((i) => next + i),
    );
  });

  it("reaches back as far as sets are kept", async () => {
    const { world, registry } = await loadFixture(seventyEpochs);
    for (const epoch of [7, 8, 33, 69, 70]) {
      const first = firstSlotOf(await registry.epochOf(epoch));
      await expectLeaders(world, epoch, [first, first + 1, first + 500]);
    }
    const oldest = firstSlotOf(await registry.epochOf(7));
    for (const slot of [oldest - 1, oldest - 500, 0]) {
      await expect(registry.leaderAt(slot)).to.be.revertedWithCustomError(registry, "SlotUnscheduled").withArgs(slot);
    }
  }).timeout(120_000);

  it("takes the newest of epochs that are shorter than a slot", async () => {
    const world = await loadFixture(async function longSlots() {
      const stakes = [2_000, 2_100, 2_200, 2_300].map(coins);
      return consortiumOf(stakes, { rules: { epochLength: 10 }, slotTime: 3_600 });
    });
    await elect(world, 3);
    const registry = world.validatorRegistry;
    const first = firstSlotOf(await registry.currentEpoch());
    await world.validatorRegistry.connect(world.delegator).delegate(1, coins(900), 0);
    await elect(world);
    expect(firstSlotOf(await registry.currentEpoch()) - first).to.be.oneOf([0, 1]);
    await expectLeaders(world, 4, [first + 1, first + 2, first + 3, first + 4, first + 5]);
  });
});
