import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import {
  type Actor,
  assertRecord,
  batchItem,
  DAY,
  enroll,
  expectedId,
  fresh,
  headerFor,
  healthchain,
  loadFixture,
  type RecordHeader,
  Role,
  recordIdOf,
  register,
  type Signing,
  signRecord,
  time,
  type World,
  wordOf,
  YEAR,
} from "../fixture.js";
import { domainOf, sign } from "../signatures.js";

const State = { None: 0n, Asserted: 1n, Repudiated: 2n, Accepted: 3n, Superseded: 4n } as const;

const stateOf = async (world: World, id: string) => (await world.recordRegistry.describe(id)).state;

/** Sends a record, with good signatures unless `signing` says otherwise. */
async function send(world: World, header: RecordHeader, signing: Signing = {}) {
  const signatures = await signRecord(world, header, signing);
  return world.recordRegistry
    .connect(signing.institution ?? world.hospital)
    .register(header, header.doctor, signatures);
}

/** The states of a certificate that let nobody act, and the error that says so. */
const unfit = {
  suspended: {
    error: "AccountSuspended",
    make: (world: World, wallet: Actor) => world.accountCenter.connect(world.registrar).suspend(wallet, 0),
  },
  revoked: {
    error: "AccountRevoked",
    make: (world: World, wallet: Actor) => world.accountCenter.connect(world.registrar).revoke(wallet, 0),
  },
} as const;

describe("RecordRegistry", () => {
  it("publishes the domain of its signatures (ERC-5267)", async () => {
    const { recordRegistry } = await loadFixture(healthchain);
    const { name, version, chainId, verifyingContract } = await recordRegistry.eip712Domain();
    expect({ name, version, chainId, verifyingContract }).to.deep.equal(
      domainOf("Healthchain RecordRegistry", await recordRegistry.getAddress()),
    );
  });

  describe("register", () => {
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

  describe("amend", () => {
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

  describe("registerBatch", () => {
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

  const words = [
    { word: "accept", type: "Acceptance", event: "RecordAccepted", state: State.Accepted },
    { word: "repudiate", type: "Repudiation", event: "RecordRepudiated", state: State.Repudiated },
  ] as const;
  for (const { word, type, event, state } of words) {
    const bySig = `${word}BySig` as const;
    const other = word === "accept" ? "repudiate" : "accept";

    async function signed(world: World, id: string, signer: Actor, deadline?: number) {
      const until = deadline ?? (await time.latest()) + DAY;
      const domain = domainOf("Healthchain RecordRegistry", await world.recordRegistry.getAddress());
      return { deadline: until, signature: await sign(signer, domain, type, { id, deadline: until }) };
    }

    describe(word, () => {
      it("is the patient's word on an asserted record", async () => {
        const world = await loadFixture(healthchain);
        const id = await assertRecord(world);
        await expect(world.recordRegistry.connect(world.patient)[word](id))
          .to.emit(world.recordRegistry, event)
          .withArgs(id);
        expect(await stateOf(world, id)).to.equal(state);
      });

      it("can be sent by a patient that is a contract", async () => {
        const world = await loadFixture(healthchain);
        const id = await assertRecord(world, { patient: await world.smartWallet.getAddress() });
        const call = world.recordRegistry.interface.encodeFunctionData(word as "accept", [id]);
        await world.smartWallet.connect(world.keeper).getFunction("execute")(world.recordRegistry, call);
        expect(await stateOf(world, id)).to.equal(state);
      });

      it("is final", async () => {
        const world = await loadFixture(healthchain);
        const id = await assertRecord(world);
        const registry = world.recordRegistry.connect(world.patient);
        await registry[word](id);
        for (const again of [word, other] as const) {
          await expect(registry[again](id))
            .to.be.revertedWithCustomError(world.recordRegistry, "RecordStateMismatch")
            .withArgs(id, state, State.Asserted);
        }
      });

      it("refuses a record that was accepted from the start", async () => {
        const world = await loadFixture(healthchain);
        const id = await register(world);
        await expect(world.recordRegistry.connect(world.patient)[word](id))
          .to.be.revertedWithCustomError(world.recordRegistry, "RecordStateMismatch")
          .withArgs(id, State.Accepted, State.Asserted);
      });

      it("refuses a record that does not exist", async () => {
        const world = await loadFixture(healthchain);
        const id = wordOf(fresh());
        await expect(world.recordRegistry.connect(world.patient)[word](id))
          .to.be.revertedWithCustomError(world.recordRegistry, "RecordUnknown")
          .withArgs(id);
      });

      it("refuses everybody but the patient", async () => {
        const world = await loadFixture(healthchain);
        const id = await assertRecord(world);
        for (const caller of [world.neighbour, world.doctor, world.hospital]) {
          await expect(world.recordRegistry.connect(caller)[word](id))
            .to.be.revertedWithCustomError(world.recordRegistry, "RecordNotOf")
            .withArgs(id, world.patient.address, 1);
        }
      });

      for (const [condition, { error, make }] of Object.entries(unfit)) {
        it(`${word === "accept" ? "refuses" : "takes"} a ${condition} patient's word`, async () => {
          const world = await loadFixture(healthchain);
          const id = await assertRecord(world);
          await make(world, world.patient);
          if (word === "repudiate") {
            await world.recordRegistry.connect(world.patient).repudiate(id);
            expect(await stateOf(world, id)).to.equal(State.Repudiated);
            return;
          }
          await expect(world.recordRegistry.connect(world.patient)[word](id))
            .to.be.revertedWithCustomError(world.recordRegistry, error)
            .withArgs(world.patient.address);
        });
      }
    });

    describe(bySig, () => {
      it("can be sent by anyone with the patient's signature", async () => {
        const world = await loadFixture(healthchain);
        const id = await assertRecord(world);
        const { deadline, signature } = await signed(world, id, world.patient);
        await expect(world.recordRegistry.connect(world.stranger)[bySig](id, deadline, signature))
          .to.emit(world.recordRegistry, event)
          .withArgs(id);
        expect(await stateOf(world, id)).to.equal(state);
      });

      it("takes a patient that is a contract (ERC-1271)", async () => {
        const world = await loadFixture(healthchain);
        const id = await assertRecord(world, { patient: await world.smartWallet.getAddress() });
        const { deadline, signature } = await signed(world, id, world.keeper);
        await world.recordRegistry[bySig](id, deadline, signature);
        expect(await stateOf(world, id)).to.equal(state);
      });

      it("holds at its deadline", async () => {
        const world = await loadFixture(healthchain);
        const id = await assertRecord(world);
        const { deadline, signature } = await signed(world, id, world.patient);
        await time.setNextBlockTimestamp(deadline);
        await world.recordRegistry[bySig](id, deadline, signature);
      });

      it("does not hold a second later", async () => {
        const world = await loadFixture(healthchain);
        const id = await assertRecord(world);
        const { deadline, signature } = await signed(world, id, world.patient);
        await time.setNextBlockTimestamp(deadline + 1);
        await expect(world.recordRegistry[bySig](id, deadline, signature))
          .to.be.revertedWithCustomError(world.recordRegistry, "RecordSignatureExpired")
          .withArgs(deadline);
      });

      it("refuses another's signature, another record's, and the other word's", async () => {
        const world = await loadFixture(healthchain);
        const id = await assertRecord(world);
        const another = await assertRecord(world);
        const deadline = (await time.latest()) + DAY;
        const domain = domainOf("Healthchain RecordRegistry", await world.recordRegistry.getAddress());
        const otherType = type === "Acceptance" ? "Repudiation" : "Acceptance";
        for (const signature of [
          await sign(world.neighbour, domain, type, { id, deadline }),
          await sign(world.patient, domain, type, { id: another, deadline }),
          await sign(world.patient, domain, type, { id, deadline: deadline + 1 }),
          await sign(world.patient, domain, otherType, { id, deadline }),
        ]) {
          await expect(world.recordRegistry[bySig](id, deadline, signature))
            .to.be.revertedWithCustomError(world.recordRegistry, "RecordSignatureInvalid")
            .withArgs(world.patient.address);
        }
      });

      it("refuses a record that does not exist", async () => {
        const world = await loadFixture(healthchain);
        const id = wordOf(fresh());
        const { deadline, signature } = await signed(world, id, world.patient);
        await expect(world.recordRegistry[bySig](id, deadline, signature))
          .to.be.revertedWithCustomError(world.recordRegistry, "RecordUnknown")
          .withArgs(id);
      });

      it("refuses to be replayed", async () => {
        const world = await loadFixture(healthchain);
        const id = await assertRecord(world);
        const { deadline, signature } = await signed(world, id, world.patient);
        await world.recordRegistry[bySig](id, deadline, signature);
        await expect(world.recordRegistry[bySig](id, deadline, signature))
          .to.be.revertedWithCustomError(world.recordRegistry, "RecordStateMismatch")
          .withArgs(id, state, State.Asserted);
      });
    });
  }

  describe("describe and records", () => {
    it("answer zero for a record that does not exist", async () => {
      const { recordRegistry } = await loadFixture(healthchain);
      const id = wordOf(fresh());
      expect(await recordRegistry.records(id)).to.equal(0n);
      expect(await recordRegistry.describe(id)).to.deep.equal([ZeroAddress, 0n, 0n, 0n, 0n, State.None]);
    });
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
