import { expect } from "chai";
import { hexlify, randomBytes } from "ethers";
import fc from "fast-check";
import {
  connection,
  DAY,
  enroll,
  loadFixture,
  networkHelpers,
  Role,
  register,
  time,
  type World,
  wordOf,
  YEAR,
} from "../fixture.js";
import { recorded, SECTION, TREAT } from "./asking.js";
import {
  ALL,
  bits,
  Decision,
  ofClass,
  oneRecord,
  Purpose,
  type Recipient,
  type Scope,
  termsFor,
  toInstitution,
  toRole,
  toWallet,
} from "./patientActions.js";

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

    it("admits the people of a suspended institution, whose own certificates stand, and not the institution", async () => {
      const { accountCenter, registrar, clinic, permits, decide, grant } = await loadFixture(recorded);
      await grant(ALL, toInstitution(2));
      await accountCenter.connect(registrar).suspend(clinic, 0);
      expect(await permits()).to.equal(true);
      expect(await decide(clinic)).to.equal(Decision.RequesterSuspended);
    });

    for (const state of ["suspend", "revoke"] as const) {
      it(`leaves a grant as it stands after the registrar's ${state} of the patient`, async () => {
        const { accountCenter, registrar, patient, permits, permitsByKey, grant } = await loadFixture(recorded);
        const key = await grant(ALL, toRole(Role.Doctor));
        await accountCenter.connect(registrar)[state](patient, 0);
        expect(await permits()).to.equal(true);
        expect(await permitsByKey(key)).to.equal(true);
      });
    }

    it("leaves a grant as it stands when the patient's certificate has ended", async () => {
      const { world, accountCenter, patient, colleague, permits, permitsByKey, grant } = await loadFixture(recorded);
      const expiresAt = Number((await accountCenter.accounts(patient)) >> 56n);
      const key = await grant(ALL, toRole(Role.Doctor), { until: expiresAt + YEAR });
      const renewed = { wallet: colleague.address, role: Role.Doctor, institution: 2, expiresAt: expiresAt + YEAR };
      await enroll(world, renewed);
      await time.increaseTo(expiresAt);
      expect(await permits()).to.equal(true);
      expect(await permitsByKey(key)).to.equal(true);
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
});
