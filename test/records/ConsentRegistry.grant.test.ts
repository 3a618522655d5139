import { expect } from "chai";
import { ZeroAddress } from "ethers";
import {
  assertRecord,
  DAY,
  fresh,
  healthchain,
  loadFixture,
  Role,
  register,
  type Signing,
  time,
  type World,
  wordOf,
  YEAR,
} from "../fixture.js";
import {
  ALL,
  bits,
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
  ways,
} from "./patientActions.js";
import { unpackGrant } from "./unpackGrant.js";

/** Who signs a record for the patient of a way. */
function signingOf(world: World, wallet: string): Signing {
  return wallet === world.patient.address ? {} : { patient: world.keeper };
}

for (const [way, patientBy] of Object.entries(ways)) {
  describe(`ConsentRegistry: grant ${way}`, () => {
    async function acting() {
      const world = await healthchain();
      const patient = await patientBy(world);
      const research = toRole(Role.Researcher);
      const keyOf = (scope: Scope, recipient: Recipient) =>
        world.consentRegistry.grantKeyOf(patient.wallet, scope, recipient);
      return { ...world, world, patient, research, keyOf };
    }

    it("stores the terms, with a start in the past counting from now", async () => {
      const { consentRegistry, patient, research, keyOf } = await loadFixture(acting);
      const terms = await termsFor({ from: 1 });
      const now = (await time.latest()) + 10;
      const key = await keyOf(ALL, research);
      await time.setNextBlockTimestamp(now);
      const sent = patient.grant(ALL, research, terms);
      await sent;
      const granted = await consentRegistry.grantOf(key);
      expect(unpackGrant(granted)).to.deep.equal({ ...terms, from: now, revokedAt: 0, grantedAt: now });
      await expect(sent)
        .to.emit(consentRegistry, "ConsentGranted")
        .withArgs(patient.wallet, research.value, key, ALL.value, granted);
    });

    it("keeps a start in the future", async () => {
      const { consentRegistry, patient, research, keyOf } = await loadFixture(acting);
      const from = (await time.latest()) + DAY;
      await patient.grant(ALL, research, await termsFor({ from }));
      expect(unpackGrant(await consentRegistry.grantOf(await keyOf(ALL, research))).from).to.equal(from);
    });

    it("takes an end one second after the start, and none earlier", async () => {
      const { consentRegistry, patient, research } = await loadFixture(acting);
      const from = (await time.latest()) + DAY;
      const terms = await termsFor({ from, until: from });
      await expect(patient.grant(ALL, research, terms))
        .to.be.revertedWithCustomError(consentRegistry, "ConsentTermsInvalid")
        .withArgs([terms.purposes, terms.dataClasses, from, from]);
      await patient.grant(ALL, research, { ...terms, until: from + 1 });
    });

    it("refuses an end that is now", async () => {
      const { consentRegistry, patient, research } = await loadFixture(acting);
      const now = (await time.latest()) + 10;
      const terms = await termsFor({ until: now });
      await time.setNextBlockTimestamp(now);
      await expect(patient.grant(ALL, research, terms))
        .to.be.revertedWithCustomError(consentRegistry, "ConsentTermsInvalid")
        .withArgs([terms.purposes, terms.dataClasses, now, now]);
    });

    const badTerms: Record<string, Partial<Terms>> = {
      "no purpose": { purposes: 0 },
      "no class": { dataClasses: 0 },
      "an unknown purpose": { purposes: bits(0, 24) },
      "the class of a whole record": { dataClasses: bits(3, 24) },
    };
    for (const [name, fields] of Object.entries(badTerms)) {
      it(`refuses terms with ${name}`, async () => {
        const { consentRegistry, patient, research } = await loadFixture(acting);
        const from = (await time.latest()) + DAY;
        const terms = await termsFor({ from, ...fields });
        await expect(patient.grant(ALL, research, terms))
          .to.be.revertedWithCustomError(consentRegistry, "ConsentTermsInvalid")
          .withArgs([terms.purposes, terms.dataClasses, from, terms.until]);
      });
    }

    it("takes every known purpose and class", async () => {
      const { patient, research } = await loadFixture(acting);
      await patient.grant(ALL, research, await termsFor({ purposes: 2 ** 24 - 1, dataClasses: 2 ** 24 - 1 }));
    });

    const badScopes: Record<string, Scope> = {
      "no kind": { kind: 0, value: ALL.value },
      "all, with a value": { kind: 1, value: wordOf(1) },
      "the class of a section": ofClass(23),
      "a class that does not exist": ofClass(32),
      "a class beyond a byte": { kind: 2, value: wordOf((1n << 128n) + 24n) },
    };
    for (const [name, scope] of Object.entries(badScopes)) {
      it(`refuses a scope of ${name}`, async () => {
        const { consentRegistry, patient, research } = await loadFixture(acting);
        await expect(patient.grant(scope, research, await termsFor()))
          .to.be.revertedWithCustomError(consentRegistry, "ConsentScopeInvalid")
          .withArgs([scope.kind, scope.value]);
      });
    }

    const badRecipients: Record<string, Recipient> = {
      "no kind": { kind: 0, value: 1n },
      "no wallet": toWallet(ZeroAddress),
      "institution 0": toInstitution(0),
      "institution 65536": toInstitution(65_536),
      "role 0": toRole(0),
      "role 9": toRole(9),
    };
    for (const [name, recipient] of Object.entries(badRecipients)) {
      it(`refuses ${name} as recipient`, async () => {
        const { consentRegistry, patient } = await loadFixture(acting);
        await expect(patient.grant(ALL, recipient, await termsFor()))
          .to.be.revertedWithCustomError(consentRegistry, "ConsentRecipientInvalid")
          .withArgs([recipient.kind, recipient.value]);
      });
    }

    for (const recipient of [toInstitution(1), toInstitution(65_535), toRole(1), toRole(8)]) {
      it(`takes recipient ${recipient.value} of kind ${recipient.kind}`, async () => {
        const { patient } = await loadFixture(acting);
        for (const scope of [ALL, ofClass(24), ofClass(31)]) await patient.grant(scope, recipient, await termsFor());
      });
    }

    describe("given one record as scope", () => {
      it("takes an accepted record of the patient's", async () => {
        const { world, patient, research } = await loadFixture(acting);
        const id = await register(world, { patient: patient.wallet }, signingOf(world, patient.wallet));
        await patient.grant(oneRecord(id), research, await termsFor());
      });

      it("refuses another patient's record", async () => {
        const { world, consentRegistry, patient, neighbour, research } = await loadFixture(acting);
        const id = await register(world, { patient: neighbour.address }, { patient: neighbour });
        await expect(patient.grant(oneRecord(id), research, await termsFor()))
          .to.be.revertedWithCustomError(consentRegistry, "ConsentRecordNotOf")
          .withArgs(id, neighbour.address);
      });

      it("refuses a record that does not exist", async () => {
        const { consentRegistry, patient, research } = await loadFixture(acting);
        const id = wordOf(fresh());
        await expect(patient.grant(oneRecord(id), research, await termsFor()))
          .to.be.revertedWithCustomError(consentRegistry, "ConsentRecordNotOf")
          .withArgs(id, ZeroAddress);
      });

      it("refuses an asserted record", async () => {
        const { world, consentRegistry, patient, research } = await loadFixture(acting);
        const id = await assertRecord(world, { patient: patient.wallet });
        await expect(patient.grant(oneRecord(id), research, await termsFor()))
          .to.be.revertedWithCustomError(consentRegistry, "ConsentRecordNotAccepted")
          .withArgs(id, 1);
      });
    });

    it("replaces what stood under the same key; without a signature, a live grant counts as revoked", async () => {
      const { consentRegistry, patient, research, keyOf } = await loadFixture(acting);
      await patient.grant(ALL, research, await termsFor());
      const narrower = await termsFor({ purposes: bits(Purpose.TREAT) });
      await patient.grant(ALL, research, narrower);
      const grant = unpackGrant(await consentRegistry.grantOf(await keyOf(ALL, research)));
      expect([grant.purposes, grant.grantedAt]).to.deep.equal([narrower.purposes, await time.latest()]);
      const { counter } = await consentRegistry.patientOf(patient.wallet);
      expect(counter).to.equal(way === "by transaction" ? 1n : 0n);
    });

    it("replaces an ended grant without revoking anything", async () => {
      const { consentRegistry, patient, research } = await loadFixture(acting);
      const first = await termsFor();
      await patient.grant(ALL, research, first);
      await time.increaseTo(first.until);
      await patient.grant(ALL, research, await termsFor());
      expect((await consentRegistry.patientOf(patient.wallet)).counter).to.equal(0n);
    });

    for (const [state, error] of [
      ["suspend", "AccountSuspended"],
      ["revoke", "AccountRevoked"],
    ] as const) {
      it(`refuses after the registrar's ${state}`, async () => {
        const { accountCenter, consentRegistry, registrar, patient, research } = await loadFixture(acting);
        await accountCenter.connect(registrar)[state](patient.wallet, 0);
        await expect(patient.grant(ALL, research, await termsFor()))
          .to.be.revertedWithCustomError(consentRegistry, error)
          .withArgs(patient.wallet);
      });
    }

    it("refuses a patient whose certificate has ended", async () => {
      const { accountCenter, consentRegistry, patient, research } = await loadFixture(acting);
      await time.increase(2 * YEAR);
      await expect(patient.grant(ALL, research, await termsFor()))
        .to.be.revertedWithCustomError(consentRegistry, "AccountExpired")
        .withArgs(patient.wallet, (await accountCenter.accounts(patient.wallet)) >> 56n);
    });
  });
}

describe("ConsentRegistry: grant by transaction", () => {
  it("refuses who is no patient", async () => {
    const { consentRegistry, stranger, doctor } = await loadFixture(healthchain);
    const terms = await termsFor();
    await expect(consentRegistry.connect(stranger).grant(ALL, toInstitution(1), terms))
      .to.be.revertedWithCustomError(consentRegistry, "AccountNotCertified")
      .withArgs(stranger.address);
    await expect(consentRegistry.connect(doctor).grant(ALL, toInstitution(1), terms))
      .to.be.revertedWithCustomError(consentRegistry, "AccountRoleMismatch")
      .withArgs(doctor.address, Role.Doctor, Role.Patient);
  });

  it("touches the sender's grants only", async () => {
    const { consentRegistry, patient, neighbour } = await loadFixture(healthchain);
    const recipient = toInstitution(1);
    await consentRegistry.connect(patient).grant(ALL, recipient, await termsFor());
    const key = await consentRegistry.grantKeyOf(neighbour, ALL, recipient);
    for (const call of [
      () => consentRegistry.connect(neighbour).revoke(ALL, recipient),
      () => consentRegistry.connect(neighbour).narrow(ALL, recipient, 1, 1, 2 ** 39),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(consentRegistry, "ConsentNotLive").withArgs(key);
    }
  });
});
