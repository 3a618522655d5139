import { expect } from "chai";
import { hexlify, randomBytes } from "ethers";
import fc from "fast-check";
import {
  type Actor,
  assertRecord,
  connection,
  DAY,
  enroll,
  fresh,
  headerFor,
  healthchain,
  loadFixture,
  networkHelpers,
  Role,
  register,
  signRecord,
  time,
  type World,
  wordOf,
  YEAR,
} from "../fixture.js";
import {
  ALL,
  bits,
  Decision,
  ofClass,
  oneRecord,
  Purpose,
  type Recipient,
  type Scope,
  type Terms,
  termsFor,
  toInstitution,
  toRole,
  toWallet,
} from "./patientActions.js";

const SEARCH = "isPermitted(bytes32,address,uint8,uint8)";
const BY_KEY = "isPermitted(bytes32,bytes32,address,uint8,uint8)";

/** Treatment, a class that `termsFor` covers. */
const TREAT = Purpose.TREAT;
const SECTION = 3;

/** An accepted record of class 24 by the hospital's doctor; the colleague, of institution 2, asks for it. */
async function recorded() {
  const world = await healthchain();
  const id = await register(world);
  return { ...world, world, id, ...asking(world, id) };
}

function asking({ consentRegistry, patient, colleague }: World, id: string) {
  const decide = (requester: Actor = colleague, purpose: number = TREAT, dataClass: number = SECTION) =>
    consentRegistry.decisionOf(id, requester, purpose, dataClass);
  const permits = (requester: Actor = colleague, purpose: number = TREAT, dataClass: number = SECTION) =>
    consentRegistry[SEARCH](id, requester, purpose, dataClass);
  const permitsByKey = (key: string, requester: Actor = colleague, purpose: number = TREAT, dataClass = SECTION) =>
    consentRegistry[BY_KEY](key, id, requester, purpose, dataClass);
  const keyOf = (scope: Scope, recipient: Recipient, owner: Actor = patient) =>
    consentRegistry.grantKeyOf(owner, scope, recipient);
  const grant = async (scope: Scope, recipient: Recipient, terms: Partial<Terms> = {}) => {
    await consentRegistry.connect(patient).grant(scope, recipient, await termsFor(terms));
    return keyOf(scope, recipient);
  };
  return { decide, permits, permitsByKey, keyOf, grant };
}

describe("ConsentRegistry: decisionOf and isPermitted", () => {
  describe("given an accepted record and an active requester", () => {
    const scopes: Record<string, (id: string) => Scope> = {
      all: () => ALL,
      "one class": () => ofClass(24),
      "one record": oneRecord,
    };
    const recipients: Record<string, (world: World) => Recipient> = {
      "a wallet": ({ colleague }) => toWallet(colleague.address),
      "an institution": () => toInstitution(2),
      "a role": () => toRole(Role.Doctor),
    };
    for (const [scopeName, scopeOf] of Object.entries(scopes)) {
      for (const [recipientName, recipientOf] of Object.entries(recipients)) {
        it(`permits by a grant of ${scopeName} to ${recipientName}, and only by it`, async () => {
          const { world, id, patient, decide, permits, permitsByKey, grant } = await loadFixture(recorded);
          expect(await decide()).to.equal(Decision.NoConsent);
          const scope = scopeOf(id);
          const key = await grant(scope, recipientOf(world));
          expect(await decide()).to.equal(Decision.PermittedByGrant);
          expect(await permits()).to.equal(true);
          expect(await permitsByKey(key)).to.equal(true);
          await world.consentRegistry.connect(patient).revoke(scope, recipientOf(world));
          expect(await permits()).to.equal(false);
          expect(await permitsByKey(key)).to.equal(false);
        });
      }
    }

    it("looks for a grant to another wallet, institution, role, class or record in vain", async () => {
      const { world, neighbour, decide, permits, grant } = await loadFixture(recorded);
      const other = await register(world, { dataClass: 25 });
      await grant(ALL, toWallet(neighbour.address));
      await grant(ALL, toInstitution(1));
      await grant(ALL, toRole(Role.Researcher));
      await grant(ofClass(25), toRole(Role.Doctor));
      await grant(oneRecord(other), toRole(Role.Doctor));
      expect(await decide()).to.equal(Decision.NoConsent);
      expect(await permits()).to.equal(false);
    });

    it("keeps one patient's grants to that patient's records", async () => {
      const { consentRegistry, neighbour, decide } = await loadFixture(recorded);
      await consentRegistry.connect(neighbour).grant(ALL, toRole(Role.Doctor), await termsFor());
      expect(await decide()).to.equal(Decision.NoConsent);
    });

    it("admits an institution's own wallet by a grant to the institution", async () => {
      const { clinic, hospital, permits, grant } = await loadFixture(recorded);
      await grant(ALL, toInstitution(2));
      expect(await permits(clinic)).to.equal(true);
      expect(await permits(hospital)).to.equal(false);
    });

    it("admits nobody of no institution by a grant to one", async () => {
      const { researcher, decide, grant } = await loadFixture(recorded);
      await grant(ALL, toInstitution(1));
      expect(await decide(researcher)).to.equal(Decision.NoConsent);
    });

    it("follows a doctor who moves to another institution", async () => {
      const { world, colleague, permits, grant } = await loadFixture(recorded);
      await grant(ALL, toInstitution(2));
      await enroll(world, { wallet: colleague.address, role: Role.Doctor, institution: 1 });
      expect(await permits()).to.equal(false);
    });

    it("keeps a purpose and a class that the grant does not name out", async () => {
      const { colleague, decide, permits, permitsByKey, grant } = await loadFixture(recorded);
      const key = await grant(ALL, toRole(Role.Doctor));
      expect(await decide(colleague, Purpose.ETREAT)).to.equal(Decision.PurposeNotCovered);
      expect(await permitsByKey(key, colleague, Purpose.ETREAT)).to.equal(false);
      expect(await decide(colleague, TREAT, 4)).to.equal(Decision.DataClassNotCovered);
      expect(await permitsByKey(key, colleague, TREAT, 4)).to.equal(false);
      expect(await permits(colleague, Purpose.HRESCH, 5)).to.equal(true);
    });

    it("answers no to purposes and classes that do not exist", async () => {
      const { colleague, decide, permits, permitsByKey, grant } = await loadFixture(recorded);
      const everything = { purposes: 2 ** 24 - 1, dataClasses: 2 ** 24 - 1 };
      const key = await grant(ALL, toRole(Role.Doctor), everything);
      for (const number of [24, 31, 32, 33, 64, 104, 255]) {
        expect(await decide(colleague, number)).to.equal(Decision.PurposeNotCovered);
        expect(await decide(colleague, TREAT, number)).to.equal(Decision.DataClassNotCovered);
        for (const [purpose, dataClass] of [
          [number, SECTION],
          [TREAT, number],
        ] as const) {
          expect(await permits(colleague, purpose, dataClass)).to.equal(false);
          expect(await permitsByKey(key, colleague, purpose, dataClass)).to.equal(false);
        }
      }
    });
  });

  describe("given the clock", () => {
    it("permits while from <= t < until, to the second", async () => {
      const { decide, permitsByKey, grant } = await loadFixture(recorded);
      const from = (await time.latest()) + DAY;
      const until = from + 100;
      const key = await grant(ALL, toRole(Role.Doctor), { from, until });
      const expected = [
        [from - 1, Decision.ConsentNotStarted],
        [from, Decision.PermittedByGrant],
        [until - 1, Decision.PermittedByGrant],
        [until, Decision.ConsentEnded],
      ] as const;
      for (const [moment, decision] of expected) {
        await time.increaseTo(moment);
        expect(await decide(), `${moment - from} s after the start`).to.equal(decision);
        expect(await permitsByKey(key)).to.equal(decision === Decision.PermittedByGrant);
      }
    });

    it("permits from the very block of a grant, and not in that of its revocation", async () => {
      const { consentRegistry, patient, decide, grant } = await loadFixture(recorded);
      await grant(ALL, toRole(Role.Doctor));
      expect(await decide()).to.equal(Decision.PermittedByGrant);
      await consentRegistry.connect(patient).revoke(ALL, toRole(Role.Doctor));
      expect(await decide()).to.equal(Decision.ConsentRevoked);
    });

    it("ends a grant in the very block in which it is narrowed to now", async () => {
      const { consentRegistry, patient, decide, grant } = await loadFixture(recorded);
      await grant(ALL, toRole(Role.Doctor));
      const now = (await time.latest()) + 10;
      await time.setNextBlockTimestamp(now);
      await consentRegistry.connect(patient).narrow(ALL, toRole(Role.Doctor), bits(TREAT), bits(SECTION), now);
      expect(await decide()).to.equal(Decision.ConsentEnded);
    });
  });

  describe("given revokeAll", () => {
    it("ends all grants, those to come too, and those of every kind", async () => {
      const { consentRegistry, id, patient, colleague, decide, permitsByKey, grant } = await loadFixture(recorded);
      const from = (await time.latest()) + DAY;
      const keys = [
        await grant(ALL, toRole(Role.Doctor)),
        await grant(ofClass(24), toInstitution(2)),
        await grant(oneRecord(id), toWallet(colleague.address)),
        await grant(ALL, toWallet(colleague.address), { from }),
      ];
      await consentRegistry.connect(patient).revokeAll();
      for (const moment of [0, from, from + DAY]) {
        if (moment !== 0) await time.increaseTo(moment);
        expect(await decide()).to.equal(Decision.ConsentRevoked);
        for (const key of keys) expect(await permitsByKey(key)).to.equal(false);
      }
    });

    it("ends what is granted later in the same block, and not what is granted in the next", async () => {
      const { consentRegistry, patient, decide, grant } = await loadFixture(recorded);
      const registry = consentRegistry.connect(patient);
      const terms = await termsFor();
      await connection.provider.request({ method: "evm_setAutomine", params: [false] });
      const options = { gasLimit: 500_000 };
      await registry.revokeAll(options);
      await registry.grant(ALL, toRole(Role.Doctor), terms, options);
      await connection.provider.request({ method: "evm_setAutomine", params: [true] });
      await networkHelpers.mine();
      expect(await decide()).to.equal(Decision.ConsentRevoked);
      await grant(ALL, toRole(Role.Doctor));
      expect(await decide()).to.equal(Decision.PermittedByGrant);
    });

    it("leaves what is granted afterwards", async () => {
      const { consentRegistry, patient, decide, grant } = await loadFixture(recorded);
      await grant(ALL, toInstitution(2));
      await consentRegistry.connect(patient).revokeAll();
      await grant(ALL, toRole(Role.Doctor));
      expect(await decide()).to.equal(Decision.PermittedByGrant);
    });
  });

  describe("given several grants", () => {
    it("finds the one that permits behind those that do not", async () => {
      const { consentRegistry, id, patient, colleague, decide, grant } = await loadFixture(recorded);
      await grant(ALL, toWallet(colleague.address), { purposes: bits(Purpose.HRESCH) });
      await grant(ALL, toInstitution(2), { dataClasses: bits(5) });
      await grant(ofClass(24), toWallet(colleague.address));
      await consentRegistry.connect(patient).revoke(ofClass(24), toWallet(colleague.address));
      expect(await decide()).to.equal(Decision.DataClassNotCovered);
      await grant(oneRecord(id), toRole(Role.Doctor));
      expect(await decide()).to.equal(Decision.PermittedByGrant);
    });

    it("names the refusal that is closest to a permit", async () => {
      const { consentRegistry, patient, colleague, decide, grant } = await loadFixture(recorded);
      const wallet = toWallet(colleague.address);
      const soon = (await time.latest()) + 100;
      await grant(ALL, wallet);
      await consentRegistry.connect(patient).revoke(ALL, wallet);
      expect(await decide()).to.equal(Decision.ConsentRevoked);
      await grant(ALL, toInstitution(2), { until: soon });
      await time.increaseTo(soon);
      expect(await decide()).to.equal(Decision.ConsentEnded);
      await grant(ofClass(24), wallet, { from: soon + DAY });
      expect(await decide()).to.equal(Decision.ConsentNotStarted);
      await grant(ofClass(24), toInstitution(2), { purposes: bits(Purpose.HRESCH) });
      expect(await decide()).to.equal(Decision.PurposeNotCovered);
      await grant(ofClass(24), toRole(Role.Doctor), { dataClasses: bits(5) });
      expect(await decide()).to.equal(Decision.DataClassNotCovered);
    });

    it("forgets what it replaces", async () => {
      const { colleague, decide, grant } = await loadFixture(recorded);
      await grant(ALL, toRole(Role.Doctor));
      await grant(ALL, toRole(Role.Doctor), { purposes: bits(Purpose.HRESCH) });
      expect(await decide()).to.equal(Decision.PurposeNotCovered);
      expect(await decide(colleague, Purpose.HRESCH)).to.equal(Decision.PermittedByGrant);
    });
  });

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
      const { world, recordRegistry, hospital, id, permits, grant } = await loadFixture(recorded);
      await grant(ALL, toRole(Role.Doctor));
      const header = await headerFor(world);
      await recordRegistry
        .connect(hospital)
        .amend(header, header.doctor, id, await signRecord(world, header, { supersedes: id }));
      expect(await permits()).to.equal(true);
      await grant(oneRecord(id), toRole(Role.Researcher));
      expect(await permits(world.researcher)).to.equal(true);
    });
  });

  describe("given a key", () => {
    it("answers by that grant alone", async () => {
      const { permits, permitsByKey, keyOf, grant } = await loadFixture(recorded);
      await grant(ALL, toRole(Role.Doctor));
      expect(await permits()).to.equal(true);
      expect(await permitsByKey(await keyOf(ALL, toInstitution(2)))).to.equal(false);
    });

    it("answers no to a live grant that is for another requester, record or patient", async () => {
      const { consentRegistry, neighbour, permitsByKey, keyOf, grant } = await loadFixture(recorded);
      await consentRegistry.connect(neighbour).grant(ALL, toRole(Role.Doctor), await termsFor());
      for (const key of [
        await grant(ALL, toInstitution(1)),
        await grant(ofClass(25), toRole(Role.Doctor)),
        await keyOf(ALL, toRole(Role.Doctor), neighbour),
      ]) {
        expect(await consentRegistry.grantOf(key)).to.not.equal(0n);
        expect(await permitsByKey(key)).to.equal(false);
      }
    });

    it("answers no to every kind of scope and recipient that does not fit, and never reverts", async () => {
      const { permitsByKey, grant } = await loadFixture(recorded);
      const key = BigInt(await grant(ALL, toRole(Role.Doctor)));
      for (let kinds = 0n; kinds < 256n; kinds++) {
        const changed = (key & ~0xffn) | kinds;
        expect(await permitsByKey(wordOf(changed)), `kinds ${kinds}`).to.equal(changed === key);
      }
    });

    it("answers no to any other word, and never reverts", async () => {
      const { permitsByKey, grant } = await loadFixture(recorded);
      await grant(ALL, toRole(Role.Doctor));
      const word = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => hexlify(bytes));
      await fc.assert(
        fc.asyncProperty(word, async (key) => {
          expect(await permitsByKey(key)).to.equal(false);
        }),
        { numRuns: 100, examples: [[hexlify(randomBytes(32))], [wordOf(0)]] },
      );
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
