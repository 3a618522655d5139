import { expect } from "chai";
import { ZeroHash } from "ethers";
import {
  DAY,
  expectedId,
  headerFor,
  healthchain,
  loadFixture,
  type RecordHeader,
  recordIdOf,
  register,
  signRecord,
  time,
} from "../fixture.js";
import { domainOf, sign } from "../signatures.js";
import { send } from "./registration.js";

describe("RecordRegistry: register", () => {
  describe("given a signature", () => {
    it("refuses another patient's", async () => {
      const world = await loadFixture(healthchain);
      await expect(send(world, await headerFor(world), { patient: world.neighbour }))
        .to.be.revertedWithCustomError(world.recordRegistry, "RecordSignatureInvalid")
        .withArgs(world.patient.address);
    });

    it("refuses another doctor's", async () => {
      const world = await loadFixture(healthchain);
      await expect(send(world, await headerFor(world), { doctor: world.colleague }))
        .to.be.revertedWithCustomError(world.recordRegistry, "RecordSignatureInvalid")
        .withArgs(world.doctor.address);
    });

    it("refuses an institution that the signed id does not name: nobody can register first", async () => {
      const world = await loadFixture(healthchain);
      const header = await headerFor(world);
      const signatures = await signRecord(world, header);
      await expect(world.recordRegistry.connect(world.clinic).register(header, header.doctor, signatures))
        .to.be.revertedWithCustomError(world.recordRegistry, "RecordSignatureInvalid")
        .withArgs(world.patient.address);
      await world.recordRegistry.connect(world.hospital).register(header, header.doctor, signatures);
    });

    const changes: Record<string, Partial<RecordHeader>> = {
      recordedAt: { recordedAt: 1 },
      dataClass: { dataClass: 25 },
      salt: { salt: ZeroHash },
      sectionsRoot: { sectionsRoot: ZeroHash },
    };
    for (const [field, change] of Object.entries(changes)) {
      it(`covers the record's ${field}`, async () => {
        const world = await loadFixture(healthchain);
        const header = await headerFor(world);
        const signatures = await signRecord(world, header);
        await expect(
          world.recordRegistry.connect(world.hospital).register({ ...header, ...change }, header.doctor, signatures),
        )
          .to.be.revertedWithCustomError(world.recordRegistry, "RecordSignatureInvalid")
          .withArgs(world.patient.address);
      });
    }

    it("covers the deadline", async () => {
      const world = await loadFixture(healthchain);
      const header = await headerFor(world);
      const signatures = await signRecord(world, header);
      const later = { ...signatures, deadline: signatures.deadline + 1 };
      await expect(world.recordRegistry.connect(world.hospital).register(header, header.doctor, later))
        .to.be.revertedWithCustomError(world.recordRegistry, "RecordSignatureInvalid")
        .withArgs(world.patient.address);
    });

    it("refuses one that was made for an amendment", async () => {
      const world = await loadFixture(healthchain);
      const header = await headerFor(world);
      const supersedes = await register(world);
      await expect(send(world, header, { supersedes }))
        .to.be.revertedWithCustomError(world.recordRegistry, "RecordSignatureInvalid")
        .withArgs(world.patient.address);
    });

    it("refuses one for another chain or another contract", async () => {
      const world = await loadFixture(healthchain);
      const header = await headerFor(world);
      const here = await world.recordRegistry.getAddress();
      const good = await signRecord(world, header);
      const message = { id: await expectedId(world, header), supersedes: ZeroHash, deadline: good.deadline };
      for (const domain of [
        domainOf("Healthchain RecordRegistry", here, 1n),
        domainOf("Healthchain RecordRegistry", await world.consentRegistry.getAddress()),
        domainOf("Healthchain ConsentRegistry", here),
      ]) {
        const foreign = await sign(world.patient, domain, "Record", message);
        await expect(
          world.recordRegistry.connect(world.hospital).register(header, header.doctor, { ...good, patient: foreign }),
        )
          .to.be.revertedWithCustomError(world.recordRegistry, "RecordSignatureInvalid")
          .withArgs(world.patient.address);
      }
    });

    it("refuses an id of another chain", async () => {
      const world = await loadFixture(healthchain);
      const header = await headerFor(world);
      const here = await world.recordRegistry.getAddress();
      const deadline = (await time.latest()) + DAY;
      const message = { id: recordIdOf(here, header, 1, 1, 1n), supersedes: ZeroHash, deadline };
      const domain = domainOf("Healthchain RecordRegistry", here);
      const signatures = {
        deadline,
        patient: await sign(world.patient, domain, "Record", message),
        doctor: await sign(world.doctor, domain, "Record", message),
      };
      await expect(world.recordRegistry.connect(world.hospital).register(header, header.doctor, signatures))
        .to.be.revertedWithCustomError(world.recordRegistry, "RecordSignatureInvalid")
        .withArgs(world.patient.address);
    });

    it("refuses bytes that are no signature", async () => {
      const world = await loadFixture(healthchain);
      const header = await headerFor(world);
      const signatures = { ...(await signRecord(world, header)), patient: "0x" };
      await expect(world.recordRegistry.connect(world.hospital).register(header, header.doctor, signatures))
        .to.be.revertedWithCustomError(world.recordRegistry, "RecordSignatureInvalid")
        .withArgs(world.patient.address);
    });
  });

  describe("given a deadline", () => {
    it("takes the signatures at that second", async () => {
      const world = await loadFixture(healthchain);
      const header = await headerFor(world);
      const signatures = await signRecord(world, header);
      await time.setNextBlockTimestamp(signatures.deadline);
      await world.recordRegistry.connect(world.hospital).register(header, header.doctor, signatures);
    });

    it("refuses them a second later", async () => {
      const world = await loadFixture(healthchain);
      const header = await headerFor(world);
      const signatures = await signRecord(world, header);
      await time.setNextBlockTimestamp(signatures.deadline + 1);
      await expect(world.recordRegistry.connect(world.hospital).register(header, header.doctor, signatures))
        .to.be.revertedWithCustomError(world.recordRegistry, "RecordSignatureExpired")
        .withArgs(signatures.deadline);
    });
  });
});
