import { expect } from "chai";
import fc from "fast-check";
import {
  type Actor,
  assertRecord,
  enroll,
  fresh,
  headerFor,
  healthchain,
  loadFixture,
  Role,
  register,
  signRecord,
  time,
  wordOf,
  YEAR,
} from "../fixture.js";
import { asking, BY_KEY, recorded, SEARCH, SECTION, TREAT } from "./asking.js";
import { ALL, bits, Decision, ofClass, oneRecord, Purpose, toInstitution, toRole, toWallet } from "./patientActions.js";

describe("ConsentRegistry: decisionOf and isPermitted", () => {
  describe("given the patient and the treating doctor", () => {
    it("permits the patient everything, without consent", async () => {
      const { patient, decide, permits } = await loadFixture(recorded);
      for (const number of [0, 23, 32, 255]) {
        expect(await decide(patient, number, number)).to.equal(Decision.PermittedToPatient);
        expect(await permits(patient, number, number)).to.equal(true);
      }
    });

    it("permits the treating doctor the patient's own care, without consent, and nothing else", async () => {
      const { doctor, decide, permits } = await loadFixture(recorded);
      for (const purpose of [0, 1, 2, 3]) {
        for (const dataClass of [0, 23, 255]) {
          expect(await decide(doctor, purpose, dataClass)).to.equal(Decision.PermittedToTreatingDoctor);
        }
      }
      for (const purpose of [4, 8, 23, 31, 32, 33, 255]) {
        expect(await decide(doctor, purpose)).to.equal(Decision.NoConsent);
        expect(await permits(doctor, purpose)).to.equal(false);
      }
    });

    it("permits the treating doctor another purpose by a grant, as anybody", async () => {
      const { doctor, decide, grant } = await loadFixture(recorded);
      await grant(ALL, toRole(Role.Doctor));
      expect(await decide(doctor, Purpose.HRESCH)).to.equal(Decision.PermittedByGrant);
    });

    it("has no key for what needs no consent: the market never gets it", async () => {
      const { patient, doctor, permitsByKey, keyOf } = await loadFixture(recorded);
      for (const requester of [patient, doctor]) {
        for (const key of [wordOf(0), wordOf(fresh()), await keyOf(ALL, toWallet(requester.address))]) {
          expect(await permitsByKey(key, requester)).to.equal(false);
        }
      }
    });

    it("does not take the institution whose number is the doctor's for the doctor", async () => {
      const { accountCenter, hospital, doctor, decide } = await loadFixture(recorded);
      const numberOf = async (wallet: Actor) => ((await accountCenter.accounts(wallet)) >> 32n) & 0xffffffn;
      expect(await numberOf(hospital)).to.equal(await numberOf(doctor));
      expect(await decide(hospital)).to.equal(Decision.NoConsent);
    });

    it("permits the treating doctor this record, and no other of the patient's", async () => {
      const { world, consentRegistry, doctor, colleague } = await loadFixture(recorded);
      const other = await register(world, { doctor: colleague.address }, { doctor: colleague });
      expect(await consentRegistry.decisionOf(other, doctor, TREAT, SECTION)).to.equal(Decision.NoConsent);
    });

    it("goes on permitting both after revokeAll and an opt-out", async () => {
      const { consentRegistry, patient, doctor, decide } = await loadFixture(recorded);
      await consentRegistry.connect(patient).revokeAll();
      await consentRegistry.connect(patient).setBreakGlassOptOut(true);
      expect(await decide(patient)).to.equal(Decision.PermittedToPatient);
      expect(await decide(doctor)).to.equal(Decision.PermittedToTreatingDoctor);
    });

    it("follows the treating doctor to another institution", async () => {
      const { world, doctor, decide } = await loadFixture(recorded);
      await enroll(world, { wallet: doctor.address, role: Role.Doctor, institution: 2 });
      expect(await decide(doctor)).to.equal(Decision.PermittedToTreatingDoctor);
    });

    it("permits no other patient", async () => {
      const { neighbour, decide } = await loadFixture(recorded);
      expect(await decide(neighbour)).to.equal(Decision.NoConsent);
    });
  });

  describe("given the requester's certificate", () => {
    const requesters = ["patient", "doctor", "colleague"] as const;
    for (const name of requesters) {
      it(`refuses the ${name} while suspended, permits after`, async () => {
        const world = await loadFixture(recorded);
        const { accountCenter, registrar, decide, permits, permitsByKey, grant } = world;
        const key = await grant(ALL, toRole(Role.Doctor));
        await accountCenter.connect(registrar).suspend(world[name], 6);
        expect(await decide(world[name])).to.equal(Decision.RequesterSuspended);
        expect(await permits(world[name])).to.equal(false);
        expect(await permitsByKey(key, world[name])).to.equal(false);
        await accountCenter.connect(registrar).reinstate(world[name]);
        expect(await permits(world[name])).to.equal(true);
      });

      it(`refuses the ${name} once revoked`, async () => {
        const world = await loadFixture(recorded);
        const { accountCenter, registrar, decide, permitsByKey, grant } = world;
        const key = await grant(ALL, toRole(Role.Doctor));
        await accountCenter.connect(registrar).revoke(world[name], 1);
        expect(await decide(world[name])).to.equal(Decision.RequesterRevoked);
        expect(await permitsByKey(key, world[name])).to.equal(false);
      });

      it(`refuses the ${name} from the second in which the certificate ends`, async () => {
        const world = await loadFixture(recorded);
        const { accountCenter, decide, permits, permitsByKey, grant } = world;
        const key = await grant(ALL, toRole(Role.Doctor), { until: (await time.latest()) + 2 * YEAR });
        const expiresAt = Number((await accountCenter.accounts(world[name])) >> 56n);
        await time.increaseTo(expiresAt - 1);
        expect(await permits(world[name])).to.equal(true);
        await time.increaseTo(expiresAt);
        expect(await decide(world[name])).to.equal(Decision.RequesterExpired);
        expect(await permitsByKey(key, world[name])).to.equal(false);
      });
    }

    it("refuses who has none", async () => {
      const { stranger, decide, permits, permitsByKey, grant } = await loadFixture(recorded);
      const key = await grant(ALL, toWallet(stranger.address));
      expect(await decide(stranger)).to.equal(Decision.RequesterNotCertified);
      expect(await permits(stranger)).to.equal(false);
      expect(await permitsByKey(key, stranger)).to.equal(false);
    });
  });

  describe("given a record that is not accepted", () => {
    async function asserted() {
      const world = await healthchain();
      const id = await assertRecord(world);
      const all = { ...world, world, id, ...asking(world, id) };
      const key = await all.grant(ALL, toRole(Role.Doctor));
      return { ...all, key };
    }

    it("refuses an unknown one to everybody", async () => {
      const { consentRegistry, patient, stranger } = await loadFixture(recorded);
      const id = wordOf(fresh());
      for (const requester of [patient, stranger]) {
        expect(await consentRegistry.decisionOf(id, requester, TREAT, SECTION)).to.equal(Decision.RecordUnknown);
        expect(await consentRegistry[SEARCH](id, requester, TREAT, SECTION)).to.equal(false);
        expect(await consentRegistry[BY_KEY](wordOf(fresh()), id, requester, TREAT, SECTION)).to.equal(false);
      }
    });

    it("refuses an asserted one to grantees, and shows it to patient and treating doctor", async () => {
      const { patient, doctor, key, decide, permitsByKey } = await loadFixture(asserted);
      expect(await decide()).to.equal(Decision.RecordNotAccepted);
      expect(await permitsByKey(key)).to.equal(false);
      expect(await decide(patient)).to.equal(Decision.PermittedToPatient);
      expect(await decide(doctor)).to.equal(Decision.PermittedToTreatingDoctor);
    });

    it("refuses an asserted one to the treating doctor beyond care, whatever was granted", async () => {
      const { doctor, key, decide, permitsByKey } = await loadFixture(asserted);
      expect(await decide(doctor, Purpose.HRESCH)).to.equal(Decision.RecordNotAccepted);
      expect(await permitsByKey(key, doctor, Purpose.HRESCH)).to.equal(false);
    });

    it("opens it to grantees when the patient accepts", async () => {
      const { recordRegistry, id, patient, key, decide, permitsByKey } = await loadFixture(asserted);
      await recordRegistry.connect(patient).accept(id);
      expect(await decide()).to.equal(Decision.PermittedByGrant);
      expect(await permitsByKey(key)).to.equal(true);
    });

    it("refuses a repudiated one to grantees for good", async () => {
      const { recordRegistry, id, patient, doctor, key, decide, permitsByKey } = await loadFixture(asserted);
      await recordRegistry.connect(patient).repudiate(id);
      expect(await decide()).to.equal(Decision.RecordNotAccepted);
      expect(await permitsByKey(key)).to.equal(false);
      expect(await decide(patient)).to.equal(Decision.PermittedToPatient);
      expect(await decide(doctor)).to.equal(Decision.PermittedToTreatingDoctor);
    });

    it("goes on permitting a superseded one, and lets it be granted", async () => {
      const { world, recordRegistry, hospital, id, decide, permits, grant } = await loadFixture(recorded);
      await grant(ALL, toRole(Role.Doctor));
      const header = await headerFor(world);
      await recordRegistry
        .connect(hospital)
        .amend(header, header.doctor, id, await signRecord(world, header, { supersedes: id }));
      expect(await permits()).to.equal(true);
      expect(await decide(world.patient)).to.equal(Decision.PermittedToPatient);
      expect(await decide(world.doctor)).to.equal(Decision.PermittedToTreatingDoctor);
      await grant(oneRecord(id), toRole(Role.Researcher));
      expect(await permits(world.researcher)).to.equal(true);
    });
  });

  it("isPermitted says yes exactly where decisionOf names a permit", async () => {
    const { world, consentRegistry, id, patient, colleague, grant } = await loadFixture(recorded);
    const superseded = await register(world, { dataClass: 25 });
    const asserted = await assertRecord(world);
    await grant(ALL, toInstitution(2), { purposes: bits(0, 3), dataClasses: bits(1, 3) });
    await grant(ofClass(25), toRole(Role.Researcher), { purposes: bits(8), dataClasses: bits(0, 23) });
    await grant(oneRecord(id), toWallet(colleague.address), { purposes: bits(1, 2), dataClasses: bits(2) });
    await consentRegistry.connect(world.colleague).breakGlass(asserted, 1);
    await world.accountCenter.connect(world.registrar).suspend(world.neighbour, 0);
    const { doctor, clinic, researcher, neighbour, stranger } = world;
    const requesters = [patient, doctor, colleague, clinic, researcher, neighbour, stranger];
    const seen = new Set<bigint>();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(id, superseded, asserted, wordOf(1)),
        fc.constantFrom(...requesters),
        fc.oneof(fc.constantFrom(0, 1, 2, 3, 8), fc.nat(255)),
        fc.oneof(fc.nat(5), fc.nat(255)),
        async (record, requester, purpose, dataClass) => {
          const decision = await consentRegistry.decisionOf(record, requester, purpose, dataClass);
          seen.add(decision);
          const permitted = await consentRegistry[SEARCH](record, requester, purpose, dataClass);
          expect(permitted).to.equal(decision <= Decision.PermittedByBreakGlass);
        },
      ),
      { numRuns: 400 },
    );
    expect(seen.size).to.be.greaterThan(6);
  });
});
