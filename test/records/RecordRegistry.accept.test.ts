import { expect } from "chai";
import {
  type Actor,
  assertRecord,
  DAY,
  fresh,
  headerFor,
  healthchain,
  loadFixture,
  register,
  signRecord,
  time,
  type World,
  wordOf,
  YEAR,
} from "../fixture.js";
import { domainOf, sign } from "../signatures.js";
import { State, stateOf, unfit } from "./registration.js";

const words = [
  { word: "accept", type: "Acceptance", event: "RecordAccepted", state: State.Accepted },
  { word: "repudiate", type: "Repudiation", event: "RecordRepudiated", state: State.Repudiated },
] as const;
/** No certificate in the world of these tests lasts two years. */
const expired = { error: "AccountExpired", make: () => time.increase(2 * YEAR) } as const;

for (const { word, type, event, state } of words) {
  const bySig = `${word}BySig` as const;
  const other = word === "accept" ? "repudiate" : "accept";

  async function signed(world: World, id: string, signer: Actor, deadline?: number) {
    const until = deadline ?? (await time.latest()) + DAY;
    const domain = domainOf("Healthchain RecordRegistry", await world.recordRegistry.getAddress());
    return { deadline: until, signature: await sign(signer, domain, type, { id, deadline: until }) };
  }

  describe(`RecordRegistry: ${word}`, () => {
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

    it("refuses a record that was superseded", async () => {
      const world = await loadFixture(healthchain);
      const id = await register(world);
      const header = await headerFor(world);
      const signatures = await signRecord(world, header, { supersedes: id });
      await world.recordRegistry.connect(world.hospital).amend(header, header.doctor, id, signatures);
      await expect(world.recordRegistry.connect(world.patient)[word](id))
        .to.be.revertedWithCustomError(world.recordRegistry, "RecordStateMismatch")
        .withArgs(id, State.Superseded, State.Asserted);
    });
  });

  describe(`RecordRegistry: ${bySig}`, () => {
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

  describe(`RecordRegistry: ${word} and ${bySig}, given the patient's certificate`, () => {
    const sends = {
      transaction: ({ recordRegistry, patient }: World, id: string) => recordRegistry.connect(patient)[word](id),
      signature: async (world: World, id: string) => {
        const { deadline, signature } = await signed(world, id, world.patient);
        return world.recordRegistry[bySig](id, deadline, signature);
      },
    };
    for (const [way, send] of Object.entries(sends)) {
      for (const [condition, { error, make }] of Object.entries({ ...unfit, expired })) {
        if (word === "repudiate") {
          it(`takes a ${way} when it is ${condition}: to say no needs no certificate`, async () => {
            const world = await loadFixture(healthchain);
            const id = await assertRecord(world);
            await make(world, world.patient);
            await send(world, id);
            expect(await stateOf(world, id)).to.equal(state);
          });
        } else {
          it(`refuses a ${way} when it is ${condition}`, async () => {
            const world = await loadFixture(healthchain);
            const id = await assertRecord(world);
            await make(world, world.patient);
            await expect(send(world, id)).to.be.revertedWithCustomError(world.recordRegistry, error);
            expect(await stateOf(world, id)).to.equal(State.Asserted);
          });
        }
      }
    }
  });
}
