import { expect } from "chai";
import {
  type Actor,
  batchItem,
  DAY,
  expectedId,
  fresh,
  headerFor,
  healthchain,
  loadFixture,
  type RecordHeader,
  Role,
  time,
  type World,
  wordOf,
} from "../fixture.js";
import { domainOf, sign } from "../signatures.js";
import { State, stateOf, unfit } from "./registration.js";

describe("RecordRegistry: registerBatch", () => {
  async function batchOf(world: World, size: number, change: (index: number) => Partial<RecordHeader> = () => ({})) {
    const base = await headerFor(world);
    const headers = Array.from({ length: size }, (_, index) => ({
      ...base,
      salt: wordOf(fresh()),
      ...change(index),
    }));
    const ids = await Promise.all(headers.map((header) => expectedId(world, header)));
    const deadline = (await time.latest()) + DAY;
    return { items: headers.map(batchItem), ids, deadline, signature: await signBatch(world, ids, deadline) };
  }

  async function signBatch(world: World, ids: string[], deadline: number, signer: Actor = world.doctor) {
    const domain = domainOf("Healthchain RecordRegistry", await world.recordRegistry.getAddress());
    return sign(signer, domain, "RecordBatch", { ids, deadline });
  }

  type Batch = Awaited<ReturnType<typeof batchOf>>;

  const sendBatch = (world: World, { items, deadline, signature }: Batch, sender: Actor = world.hospital) =>
    world.recordRegistry.connect(sender).registerBatch(world.doctor, items, deadline, signature);

  it("registers records as asserted", async () => {
    const world = await loadFixture(healthchain);
    const batch = await batchOf(world, 2, (index) => (index === 0 ? {} : { patient: world.neighbour.address }));
    const transaction = await sendBatch(world, batch);
    for (const [index, patient] of [world.patient, world.neighbour].entries()) {
      await expect(transaction)
        .to.emit(world.recordRegistry, "RecordAsserted")
        .withArgs(batch.ids[index], patient.address, 1, 1);
      expect(await stateOf(world, batch.ids[index] ?? "")).to.equal(State.Asserted);
    }
  });

  it("stores what each item says, and what the batch has in common", async () => {
    const world = await loadFixture(healthchain);
    const batch = await batchOf(world, 3, (index) => ({ recordedAt: 1000 + index, dataClass: 29 + index }));
    await sendBatch(world, batch);
    for (const [index, id] of batch.ids.entries()) {
      expect(await world.recordRegistry.describe(id)).to.deep.equal([
        world.patient.address,
        BigInt(1000 + index),
        BigInt(29 + index),
        1n,
        1n,
        State.Asserted,
      ]);
    }
  });

  it("refuses an item that says more than patient, date and class", async () => {
    const world = await loadFixture(healthchain);
    const batch = await batchOf(world, 2);
    for (const bit of [208n, 224n, 248n, 255n]) {
      const [first, second] = batch.items;
      if (first === undefined || second === undefined) throw new Error("The batch has two items.");
      const items = [first, { ...second, subject: second.subject | (1n << bit) }];
      await expect(sendBatch(world, { ...batch, items }))
        .to.be.revertedWithCustomError(world.recordRegistry, "RecordSubjectInvalid")
        .withArgs(1);
    }
  });

  it("takes 1 record and 256", async () => {
    const world = await loadFixture(healthchain);
    await sendBatch(world, await batchOf(world, 1));
    const full = await batchOf(world, 256);
    await sendBatch(world, full);
    expect(await stateOf(world, full.ids[255] ?? "")).to.equal(State.Asserted);
  });

  for (const size of [0, 257]) {
    it(`refuses ${size} records`, async () => {
      const world = await loadFixture(healthchain);
      await expect(sendBatch(world, await batchOf(world, size)))
        .to.be.revertedWithCustomError(world.recordRegistry, "RecordBatchSizeInvalid")
        .withArgs(size);
    });
  }

  it("registers none if one fails", async () => {
    const world = await loadFixture(healthchain);
    const batch = await batchOf(world, 3, (index) => (index === 2 ? { dataClass: 5 } : {}));
    await expect(sendBatch(world, batch))
      .to.be.revertedWithCustomError(world.recordRegistry, "RecordClassInvalid")
      .withArgs(5);
    for (const id of batch.ids) expect(await stateOf(world, id)).to.equal(State.None);
  });

  it("refuses the same record twice, in one batch or two", async () => {
    const world = await loadFixture(healthchain);
    const salt = wordOf(fresh());
    const twins = await batchOf(world, 2, () => ({ salt }));
    await expect(sendBatch(world, twins))
      .to.be.revertedWithCustomError(world.recordRegistry, "RecordAlreadyRegistered")
      .withArgs(twins.ids[0]);
    const batch = await batchOf(world, 1);
    await sendBatch(world, batch);
    await expect(sendBatch(world, batch))
      .to.be.revertedWithCustomError(world.recordRegistry, "RecordAlreadyRegistered")
      .withArgs(batch.ids[0]);
  });

  it("refuses a record dated in the future", async () => {
    const world = await loadFixture(healthchain);
    const now = (await time.latest()) + 10;
    const batch = await batchOf(world, 1, () => ({ recordedAt: now + 1 }));
    await time.setNextBlockTimestamp(now);
    await expect(sendBatch(world, batch))
      .to.be.revertedWithCustomError(world.recordRegistry, "RecordDatedInFuture")
      .withArgs(now + 1, now);
  });

  it("refuses a patient who is not certified", async () => {
    const world = await loadFixture(healthchain);
    const batch = await batchOf(world, 1, () => ({ patient: world.stranger.address }));
    await expect(sendBatch(world, batch))
      .to.be.revertedWithCustomError(world.recordRegistry, "AccountNotCertified")
      .withArgs(world.stranger.address);
  });

  for (const actor of ["hospital", "doctor", "patient"] as const) {
    for (const [condition, { error, make }] of Object.entries(unfit)) {
      it(`refuses when the ${actor} is ${condition}`, async () => {
        const world = await loadFixture(healthchain);
        const batch = await batchOf(world, 2);
        await make(world, world[actor]);
        await expect(sendBatch(world, batch))
          .to.be.revertedWithCustomError(world.recordRegistry, error)
          .withArgs(world[actor].address);
      });
    }
  }

  it("refuses another doctor's signature", async () => {
    const world = await loadFixture(healthchain);
    const batch = await batchOf(world, 2);
    const signature = await signBatch(world, batch.ids, batch.deadline, world.colleague);
    await expect(sendBatch(world, { ...batch, signature }))
      .to.be.revertedWithCustomError(world.recordRegistry, "RecordSignatureInvalid")
      .withArgs(world.doctor.address);
  });

  it("refuses records added, left out or reordered after the signature", async () => {
    const world = await loadFixture(healthchain);
    const batch = await batchOf(world, 2);
    const { items: more } = await batchOf(world, 1);
    for (const items of [[...batch.items, ...more], batch.items.slice(1), [...batch.items].reverse()]) {
      await expect(sendBatch(world, { ...batch, items }))
        .to.be.revertedWithCustomError(world.recordRegistry, "RecordSignatureInvalid")
        .withArgs(world.doctor.address);
    }
  });

  it("refuses another institution with the doctor's signature", async () => {
    const world = await loadFixture(healthchain);
    const batch = await batchOf(world, 2);
    await expect(sendBatch(world, batch, world.clinic))
      .to.be.revertedWithCustomError(world.recordRegistry, "RecordSignatureInvalid")
      .withArgs(world.doctor.address);
  });

  it("refuses who is no institution, and a doctor who is none", async () => {
    const world = await loadFixture(healthchain);
    const batch = await batchOf(world, 1);
    await expect(sendBatch(world, batch, world.stranger))
      .to.be.revertedWithCustomError(world.recordRegistry, "AccountNotCertified")
      .withArgs(world.stranger.address);
    const { items, deadline, signature } = batch;
    const registry = world.recordRegistry.connect(world.hospital);
    await expect(registry.registerBatch(world.patient, items, deadline, signature))
      .to.be.revertedWithCustomError(world.recordRegistry, "AccountRoleMismatch")
      .withArgs(world.patient.address, Role.Patient, Role.Doctor);
  });

  it("holds at its deadline and not a second later", async () => {
    const world = await loadFixture(healthchain);
    const batch = await batchOf(world, 1);
    await time.setNextBlockTimestamp(batch.deadline);
    await sendBatch(world, batch);
    const late = await batchOf(world, 1);
    await time.setNextBlockTimestamp(late.deadline + 1);
    await expect(sendBatch(world, late))
      .to.be.revertedWithCustomError(world.recordRegistry, "RecordSignatureExpired")
      .withArgs(late.deadline);
  });
});
