import { expect } from "chai";
import { ZeroAddress } from "ethers";
import {
  assertRecord,
  DAY,
  enroll,
  ethers,
  expectedId,
  fresh,
  headerFor,
  healthchain,
  loadFixture,
  Role,
  recordIdOf,
  signRecord,
  time,
  type World,
  wordOf,
  YEAR,
} from "../fixture.js";
import { State, send, stateOf, unfit } from "./registration.js";

describe("RecordRegistry: register", () => {
  it("registers what doctor and patient signed, accepted from the start", async () => {
    const world = await loadFixture(healthchain);
    const { recordRegistry, patient } = world;
    const header = await headerFor(world, { dataClass: 27 });
    const id = await expectedId(world, header);
    await expect(send(world, header)).to.emit(recordRegistry, "RecordRegistered").withArgs(id, patient.address, 1, 1);
    expect(await recordRegistry.describe(id)).to.deep.equal([
      patient.address,
      BigInt(header.recordedAt),
      27n,
      1n,
      1n,
      State.Accepted,
    ]);
  });

  it("packs a record as its layout draws it", async () => {
    const world = await loadFixture(healthchain);
    const header = await headerFor(world, { dataClass: 31 });
    await send(world, header);
    const packed = await world.recordRegistry.records(await expectedId(world, header));
    expect(packed).to.equal(
      BigInt(world.patient.address) |
        (BigInt(header.recordedAt) << 160n) |
        (31n << 200n) |
        (1n << 208n) |
        (1n << 224n) |
        (State.Accepted << 248n),
    );
  });

  it("returns the id by the design's formula", async () => {
    const world = await loadFixture(healthchain);
    const header = await headerFor(world);
    const registry = await world.recordRegistry.getAddress();
    const id = await world.recordRegistry
      .connect(world.hospital)
      .register.staticCall(header, header.doctor, await signRecord(world, header));
    expect(id).to.equal(recordIdOf(registry, header, 1, 1));
  });

  it("takes a patient that is a contract (ERC-1271), and asks its present owner", async () => {
    const world = await loadFixture(healthchain);
    const header = await headerFor(world, { patient: await world.smartWallet.getAddress() });
    await send(world, header, { patient: world.keeper });
    expect(await stateOf(world, await expectedId(world, header))).to.equal(State.Accepted);

    const next = await headerFor(world, { patient: header.patient });
    const signatures = await signRecord(world, next, { patient: world.keeper });
    await world.smartWallet.connect(world.keeper).getFunction("setOwner")(world.stranger.address);
    await expect(world.recordRegistry.connect(world.hospital).register(next, next.doctor, signatures))
      .to.be.revertedWithCustomError(world.recordRegistry, "RecordSignatureInvalid")
      .withArgs(header.patient);
  });

  it("takes a doctor that is a contract (ERC-1271)", async () => {
    const world = await loadFixture(healthchain);
    const account = await ethers.deployContract("SmartWallet__MockForPatient", [world.keeper.address]);
    const doctor = await account.getAddress();
    await enroll(world, { wallet: doctor, role: Role.Doctor, institution: 1 });
    const header = await headerFor(world, { doctor });
    await send(world, header, { doctor: world.keeper });
    expect(await stateOf(world, await expectedId(world, header))).to.equal(State.Accepted);
  });

  it("takes a doctor of another institution", async () => {
    const world = await loadFixture(healthchain);
    const header = await headerFor(world, { doctor: world.colleague.address });
    await expect(send(world, header, { doctor: world.colleague }))
      .to.emit(world.recordRegistry, "RecordRegistered")
      .withArgs(await expectedId(world, header), world.patient.address, 1, 2);
  });

  describe("given a record that is registered", () => {
    it("refuses the same transaction again", async () => {
      const world = await loadFixture(healthchain);
      const header = await headerFor(world);
      await send(world, header);
      await expect(send(world, header))
        .to.be.revertedWithCustomError(world.recordRegistry, "RecordAlreadyRegistered")
        .withArgs(await expectedId(world, header));
    });

    for (const word of ["accept", "repudiate"] as const) {
      it(`refuses it again after the patient's ${word}`, async () => {
        const world = await loadFixture(healthchain);
        const header = await headerFor(world);
        const id = await assertRecord(world, header);
        await world.recordRegistry.connect(world.patient)[word](id);
        await expect(send(world, header))
          .to.be.revertedWithCustomError(world.recordRegistry, "RecordAlreadyRegistered")
          .withArgs(id);
      });
    }

    it("refuses it again once it is superseded", async () => {
      const world = await loadFixture(healthchain);
      const header = await headerFor(world);
      await send(world, header);
      const supersedes = await expectedId(world, header);
      const amended = await headerFor(world);
      const signatures = await signRecord(world, amended, { supersedes });
      await world.recordRegistry.connect(world.hospital).amend(amended, amended.doctor, supersedes, signatures);
      await expect(send(world, header))
        .to.be.revertedWithCustomError(world.recordRegistry, "RecordAlreadyRegistered")
        .withArgs(supersedes);
    });

    it("takes equal content under another salt as another record", async () => {
      const world = await loadFixture(healthchain);
      const header = await headerFor(world);
      await send(world, header);
      await send(world, { ...header, salt: wordOf(fresh()) });
    });
  });

  describe("given a date", () => {
    it("takes one that is now", async () => {
      const world = await loadFixture(healthchain);
      const now = (await time.latest()) + 10;
      const header = await headerFor(world, { recordedAt: now });
      const signatures = await signRecord(world, header);
      await time.setNextBlockTimestamp(now);
      await world.recordRegistry.connect(world.hospital).register(header, header.doctor, signatures);
    });

    it("refuses one a second ahead", async () => {
      const world = await loadFixture(healthchain);
      const now = (await time.latest()) + 10;
      const header = await headerFor(world, { recordedAt: now + 1 });
      const signatures = await signRecord(world, header);
      await time.setNextBlockTimestamp(now);
      await expect(world.recordRegistry.connect(world.hospital).register(header, header.doctor, signatures))
        .to.be.revertedWithCustomError(world.recordRegistry, "RecordDatedInFuture")
        .withArgs(now + 1, now);
    });
  });

  for (const dataClass of [0, 23, 32, 255]) {
    it(`refuses class ${dataClass}, which is not one of a whole record`, async () => {
      const world = await loadFixture(healthchain);
      await expect(send(world, await headerFor(world, { dataClass })))
        .to.be.revertedWithCustomError(world.recordRegistry, "RecordClassInvalid")
        .withArgs(dataClass);
    });
  }

  for (const dataClass of [24, 31]) {
    it(`takes class ${dataClass}`, async () => {
      const world = await loadFixture(healthchain);
      await send(world, await headerFor(world, { dataClass }));
    });
  }

  const actors = ["hospital", "doctor", "patient"] as const;
  for (const actor of actors) {
    for (const [state, { error, make }] of Object.entries(unfit)) {
      it(`refuses when the ${actor} is ${state}`, async () => {
        const world = await loadFixture(healthchain);
        const header = await headerFor(world);
        await make(world, world[actor]);
        await expect(send(world, header))
          .to.be.revertedWithCustomError(world.recordRegistry, error)
          .withArgs(world[actor].address);
      });
    }

    it(`refuses when the ${actor}'s certificate has ended`, async () => {
      const world = await loadFixture(healthchain);
      const expiresAt = Number((await world.accountCenter.accounts(world[actor])) >> 56n);
      const header = await headerFor(world);
      const signatures = await signRecord(world, header, { deadline: expiresAt + YEAR });
      await time.setNextBlockTimestamp(expiresAt - DAY);
      await renewAllBut(world, actor, expiresAt + YEAR);
      await time.setNextBlockTimestamp(expiresAt + DAY);
      await expect(world.recordRegistry.connect(world.hospital).register(header, header.doctor, signatures))
        .to.be.revertedWithCustomError(world.recordRegistry, "AccountExpired")
        .withArgs(world[actor].address, expiresAt);
    });
  }

  it("refuses a sender who is no institution", async () => {
    const world = await loadFixture(healthchain);
    const header = await headerFor(world);
    const signatures = await signRecord(world, header);
    await expect(world.recordRegistry.connect(world.stranger).register(header, header.doctor, signatures))
      .to.be.revertedWithCustomError(world.recordRegistry, "AccountNotCertified")
      .withArgs(world.stranger.address);
    await expect(world.recordRegistry.connect(world.doctor).register(header, header.doctor, signatures))
      .to.be.revertedWithCustomError(world.recordRegistry, "AccountRoleMismatch")
      .withArgs(world.doctor.address, Role.Doctor, Role.Institution);
  });

  it("refuses a doctor who is none", async () => {
    const world = await loadFixture(healthchain);
    await expect(send(world, await headerFor(world, { doctor: world.researcher.address })))
      .to.be.revertedWithCustomError(world.recordRegistry, "AccountRoleMismatch")
      .withArgs(world.researcher.address, Role.Researcher, Role.Doctor);
  });

  it("refuses a patient who is none", async () => {
    const world = await loadFixture(healthchain);
    await expect(send(world, await headerFor(world, { patient: world.stranger.address })))
      .to.be.revertedWithCustomError(world.recordRegistry, "AccountNotCertified")
      .withArgs(world.stranger.address);
    await expect(send(world, await headerFor(world, { patient: ZeroAddress })))
      .to.be.revertedWithCustomError(world.recordRegistry, "AccountNotCertified")
      .withArgs(ZeroAddress);
  });
});

/** Renews the certificates of hospital, doctor and patient, save one. */
async function renewAllBut(world: World, left: "hospital" | "doctor" | "patient", expiresAt: number): Promise<void> {
  if (left !== "hospital") await enroll(world, { wallet: world.hospital.address, role: Role.Institution, expiresAt });
  if (left !== "doctor") {
    await enroll(world, { wallet: world.doctor.address, role: Role.Doctor, institution: 1, expiresAt });
  }
  if (left !== "patient") await enroll(world, { wallet: world.patient.address, role: Role.Patient, expiresAt });
}
