import { expect } from "chai";
import { ZeroHash } from "ethers";
import {
  assertRecord,
  DAY,
  expectedId,
  fresh,
  headerFor,
  healthchain,
  loadFixture,
  type RecordHeader,
  register,
  type Signing,
  signRecord,
  time,
  type World,
  wordOf,
} from "../fixture.js";
import { State, send, stateOf, unfit } from "./registration.js";

describe("RecordRegistry: amend", () => {
  async function amendment() {
    const world = await loadFixture(healthchain);
    const old = await register(world);
    return { world, old, ...(await amend(world, old)) };
  }

  async function amend(world: World, supersedes: string, fields: Partial<RecordHeader> = {}, signing: Signing = {}) {
    const header = await headerFor(world, fields);
    const signatures = await signRecord(world, header, { supersedes, ...signing });
    const institution = signing.institution ?? world.hospital;
    return {
      id: await expectedId(world, header, institution),
      send: () => world.recordRegistry.connect(institution).amend(header, header.doctor, supersedes, signatures),
    };
  }

  it("registers the new version and supersedes the old", async () => {
    const { world, old, id, send } = await amendment();
    await expect(send())
      .to.emit(world.recordRegistry, "RecordAmended")
      .withArgs(id, old)
      .and.to.emit(world.recordRegistry, "RecordRegistered")
      .withArgs(id, world.patient.address, 1, 1);
    expect(await stateOf(world, old)).to.equal(State.Superseded);
    expect(await stateOf(world, id)).to.equal(State.Accepted);
  });

  it("amends an amendment, but nothing twice", async () => {
    const { world, old, id, send } = await amendment();
    await send();
    const second = await amend(world, old);
    await expect(second.send())
      .to.be.revertedWithCustomError(world.recordRegistry, "RecordStateMismatch")
      .withArgs(old, State.Superseded, State.Accepted);
    await (await amend(world, id)).send();
  });

  it("lets another doctor amend", async () => {
    const { world, old } = await amendment();
    const { id, send } = await amend(world, old, { doctor: world.colleague.address }, { doctor: world.colleague });
    await send();
    expect((await world.recordRegistry.describe(id)).doctor).to.equal(2n);
  });

  it("refuses a record that does not exist", async () => {
    const world = await loadFixture(healthchain);
    const unknown = wordOf(fresh());
    await expect((await amend(world, unknown)).send())
      .to.be.revertedWithCustomError(world.recordRegistry, "RecordUnknown")
      .withArgs(unknown);
  });

  it("refuses an asserted and a repudiated record", async () => {
    const world = await loadFixture(healthchain);
    const id = await assertRecord(world);
    await expect((await amend(world, id)).send())
      .to.be.revertedWithCustomError(world.recordRegistry, "RecordStateMismatch")
      .withArgs(id, State.Asserted, State.Accepted);
    await world.recordRegistry.connect(world.patient).repudiate(id);
    await expect((await amend(world, id)).send())
      .to.be.revertedWithCustomError(world.recordRegistry, "RecordStateMismatch")
      .withArgs(id, State.Repudiated, State.Accepted);
  });

  it("refuses another patient's record", async () => {
    const { world, old, send } = await amendment();
    const foreign = await amend(world, old, { patient: world.neighbour.address }, { patient: world.neighbour });
    await expect(foreign.send())
      .to.be.revertedWithCustomError(world.recordRegistry, "RecordNotOf")
      .withArgs(old, world.patient.address, 1);
    expect(await stateOf(world, old)).to.equal(State.Accepted);
    await send();
  });

  it("refuses another institution's record", async () => {
    const { world, old } = await amendment();
    const foreign = await amend(world, old, {}, { institution: world.clinic });
    await expect(foreign.send())
      .to.be.revertedWithCustomError(world.recordRegistry, "RecordNotOf")
      .withArgs(old, world.patient.address, 1);
  });

  it("refuses signatures that name another record, or none", async () => {
    const { world, old } = await amendment();
    for (const supersedes of [ZeroHash, wordOf(fresh())]) {
      const header = await headerFor(world);
      const signatures = await signRecord(world, header, { supersedes });
      await expect(world.recordRegistry.connect(world.hospital).amend(header, header.doctor, old, signatures))
        .to.be.revertedWithCustomError(world.recordRegistry, "RecordSignatureInvalid")
        .withArgs(world.patient.address);
    }
  });

  it("amends a record that its patient accepted", async () => {
    const world = await loadFixture(healthchain);
    const old = await assertRecord(world);
    await world.recordRegistry.connect(world.patient).accept(old);
    await (await amend(world, old)).send();
    expect(await stateOf(world, old)).to.equal(State.Superseded);
  });

  it("refuses another patient's and another doctor's signature", async () => {
    const world = await loadFixture(healthchain);
    const old = await register(world);
    for (const [signing, signer] of [
      [{ patient: world.neighbour }, world.patient],
      [{ doctor: world.colleague }, world.doctor],
    ] as const) {
      await expect((await amend(world, old, {}, signing)).send())
        .to.be.revertedWithCustomError(world.recordRegistry, "RecordSignatureInvalid")
        .withArgs(signer.address);
    }
    expect(await stateOf(world, old)).to.equal(State.Accepted);
  });

  it("refuses signatures a second after their deadline", async () => {
    const world = await loadFixture(healthchain);
    const deadline = (await time.latest()) + DAY;
    const { send } = await amend(world, await register(world), {}, { deadline });
    await time.setNextBlockTimestamp(deadline + 1);
    await expect(send())
      .to.be.revertedWithCustomError(world.recordRegistry, "RecordSignatureExpired")
      .withArgs(deadline);
  });

  for (const actor of ["hospital", "doctor", "patient"] as const) {
    for (const [condition, { error, make }] of Object.entries(unfit)) {
      it(`refuses when the ${actor} is ${condition}, and leaves the old version`, async () => {
        const { world, old, send } = await amendment();
        await make(world, world[actor]);
        await expect(send()).to.be.revertedWithCustomError(world.recordRegistry, error).withArgs(world[actor].address);
        expect(await stateOf(world, old)).to.equal(State.Accepted);
      });
    }
  }

  it("refuses to replace a record by itself", async () => {
    const world = await loadFixture(healthchain);
    const header = await headerFor(world);
    await send(world, header);
    const id = await expectedId(world, header);
    const signatures = await signRecord(world, header, { supersedes: id });
    await expect(world.recordRegistry.connect(world.hospital).amend(header, header.doctor, id, signatures))
      .to.be.revertedWithCustomError(world.recordRegistry, "RecordAlreadyRegistered")
      .withArgs(id);
  });
});
