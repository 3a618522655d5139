import { expect } from "chai";
import { DAY, healthchain, loadFixture, Role, time } from "../fixture.js";
import {
  ALL,
  bits,
  ofClass,
  type Patient,
  Purpose,
  type Recipient,
  type Terms,
  termsFor,
  toInstitution,
  toRole,
  ways,
} from "./patientActions.js";
import { unpackGrant } from "./unpackGrant.js";

for (const [way, patientBy] of Object.entries(ways)) {
  async function granted() {
    const world = await healthchain();
    const patient = await patientBy(world);
    const research = toRole(Role.Researcher);
    const terms = await termsFor();
    await patient.grant(ALL, research, terms);
    const key = await world.consentRegistry.grantKeyOf(patient.wallet, ALL, research);
    const grantNow = async () => unpackGrant(await world.consentRegistry.grantOf(key));
    const narrow = (fields: Partial<Omit<Terms, "from">>) => narrowBy(patient, research, { ...terms, ...fields });
    return { ...world, world, patient, research, terms, key, grantNow, narrow };
  }

  function narrowBy(patient: Patient, recipient: Recipient, { purposes, dataClasses, until }: Terms) {
    return patient.narrow(ALL, recipient, purposes, dataClasses, until);
  }

  describe(`ConsentRegistry: narrow ${way}`, () => {
    it("takes purposes, classes and time away, and leaves the start", async () => {
      const { consentRegistry, patient, terms, key, grantNow, narrow } = await loadFixture(granted);
      const before = await grantNow();
      const less = { purposes: bits(Purpose.TREAT), dataClasses: bits(5), until: terms.until - DAY };
      await expect(narrow(less))
        .to.emit(consentRegistry, "ConsentNarrowed")
        .withArgs(key, less.purposes, less.dataClasses, less.until);
      expect(await grantNow()).to.deep.equal({ ...before, ...less });
      expect((await consentRegistry.patientOf(patient.wallet)).counter).to.equal(1n);
    });

    it("ends a grant now, and nothing before", async () => {
      const { consentRegistry, key, narrow, grantNow } = await loadFixture(granted);
      const now = (await time.latest()) + 10;
      await time.setNextBlockTimestamp(now);
      await narrow({ until: now });
      expect((await grantNow()).until).to.equal(now);
      await expect(narrow({ until: now }))
        .to.be.revertedWithCustomError(consentRegistry, "ConsentNotLive")
        .withArgs(key);
    });

    it("does not backdate an end", async () => {
      const { consentRegistry, key, narrow } = await loadFixture(granted);
      const now = (await time.latest()) + 10;
      await time.setNextBlockTimestamp(now);
      await expect(narrow({ until: now - 1 }))
        .to.be.revertedWithCustomError(consentRegistry, "ConsentNotNarrower")
        .withArgs(key);
    });

    const wider: Record<string, Partial<Omit<Terms, "from">>> = {
      "no purpose": { purposes: 0 },
      "no class": { dataClasses: 0 },
      "another purpose": { purposes: bits(Purpose.TREAT, Purpose.ETREAT) },
      "another class": { dataClasses: bits(3, 4) },
      "no past": { until: 0 },
    };
    for (const [name, fields] of Object.entries(wider)) {
      it(`leaves or gives ${name}: refused`, async () => {
        const { consentRegistry, key, narrow } = await loadFixture(granted);
        await expect(narrow(fields)).to.be.revertedWithCustomError(consentRegistry, "ConsentNotNarrower").withArgs(key);
      });
    }

    it("does not prolong", async () => {
      const { consentRegistry, terms, key, narrow } = await loadFixture(granted);
      await expect(narrow({ until: terms.until + 1 }))
        .to.be.revertedWithCustomError(consentRegistry, "ConsentNotNarrower")
        .withArgs(key);
    });

    it("gives nothing back that it took", async () => {
      const { consentRegistry, key, narrow } = await loadFixture(granted);
      await narrow({ purposes: bits(Purpose.TREAT) });
      await expect(narrow({})).to.be.revertedWithCustomError(consentRegistry, "ConsentNotNarrower").withArgs(key);
    });

    it("does not revive what revokeAll ended", async () => {
      const { consentRegistry, patient, key, narrow } = await loadFixture(granted);
      await patient.revokeAll();
      await expect(narrow({})).to.be.revertedWithCustomError(consentRegistry, "ConsentNotLive").withArgs(key);
    });

    it("works whatever the state of the patient's certificate", async () => {
      const { accountCenter, registrar, patient, narrow } = await loadFixture(granted);
      await accountCenter.connect(registrar).revoke(patient.wallet, 1);
      await narrow({ purposes: bits(Purpose.TREAT) });
    });
  });

  describe(`ConsentRegistry: revoke ${way}`, () => {
    it("ends a grant at once", async () => {
      const { consentRegistry, patient, research, key, grantNow } = await loadFixture(granted);
      const before = await grantNow();
      const now = (await time.latest()) + 10;
      await time.setNextBlockTimestamp(now);
      await expect(patient.revoke(ALL, research))
        .to.emit(consentRegistry, "ConsentRevoked")
        .withArgs(patient.wallet, key);
      expect(await grantNow()).to.deep.equal({ ...before, revokedAt: now });
      expect((await consentRegistry.patientOf(patient.wallet)).counter).to.equal(1n);
    });

    it("ends a grant that is still to start", async () => {
      const { consentRegistry, patient } = await loadFixture(granted);
      const recipient = toInstitution(1);
      const from = (await time.latest()) + DAY;
      await patient.grant(ALL, recipient, await termsFor({ from }));
      await patient.revoke(ALL, recipient);
      const key = await consentRegistry.grantKeyOf(patient.wallet, ALL, recipient);
      expect(unpackGrant(await consentRegistry.grantOf(key)).revokedAt).to.not.equal(0);
    });

    it("refuses what is not live: never granted, revoked, ended, all revoked", async () => {
      const { consentRegistry, patient, research, terms, key } = await loadFixture(granted);
      const never = await consentRegistry.grantKeyOf(patient.wallet, ALL, toInstitution(1));
      await expect(patient.revoke(ALL, toInstitution(1)))
        .to.be.revertedWithCustomError(consentRegistry, "ConsentNotLive")
        .withArgs(never);

      await patient.revoke(ALL, research);
      await expect(patient.revoke(ALL, research))
        .to.be.revertedWithCustomError(consentRegistry, "ConsentNotLive")
        .withArgs(key);

      await patient.grant(ALL, research, terms);
      await patient.revokeAll();
      await expect(patient.revoke(ALL, research))
        .to.be.revertedWithCustomError(consentRegistry, "ConsentNotLive")
        .withArgs(key);

      await patient.grant(ALL, research, terms);
      await time.increaseTo(terms.until - 1);
      await expect(patient.revoke(ALL, research))
        .to.be.revertedWithCustomError(consentRegistry, "ConsentNotLive")
        .withArgs(key);
    });

    it("works whatever the state of the patient's certificate", async () => {
      const { accountCenter, registrar, patient, research } = await loadFixture(granted);
      await accountCenter.connect(registrar).revoke(patient.wallet, 1);
      await patient.revoke(ALL, research);
    });

    it("leaves the patient's other grants", async () => {
      const { consentRegistry, patient, research, grantNow } = await loadFixture(granted);
      await patient.grant(ofClass(24), research, await termsFor());
      await patient.revoke(ofClass(24), research);
      expect((await grantNow()).revokedAt).to.equal(0);
      expect((await consentRegistry.patientOf(patient.wallet)).allRevokedAt).to.equal(0n);
    });
  });

  describe(`ConsentRegistry: revokeAll ${way}`, () => {
    it("raises the counter and notes the time", async () => {
      const { consentRegistry, patient } = await loadFixture(granted);
      const now = (await time.latest()) + 10;
      await time.setNextBlockTimestamp(now);
      await expect(patient.revokeAll()).to.emit(consentRegistry, "AllConsentsRevoked").withArgs(patient.wallet);
      expect(await consentRegistry.patientOf(patient.wallet)).to.deep.equal([1n, BigInt(now), false]);
    });

    it("leaves other patients alone, and the patient's opt-out", async () => {
      const { consentRegistry, patient, neighbour } = await loadFixture(granted);
      await patient.setBreakGlassOptOut(true);
      await patient.revokeAll();
      expect((await consentRegistry.patientOf(patient.wallet)).breakGlassOptOut).to.equal(true);
      expect(await consentRegistry.patientOf(neighbour)).to.deep.equal([0n, 0n, false]);
    });

    it("lets the patient grant again", async () => {
      const { patient, research, terms, grantNow } = await loadFixture(granted);
      await patient.revokeAll();
      await patient.grant(ALL, research, terms);
      expect((await grantNow()).grantedAt).to.equal(await time.latest());
      await patient.revoke(ALL, research);
    });

    it("works whatever the state of the patient's certificate, again and again", async () => {
      const { accountCenter, consentRegistry, registrar, patient } = await loadFixture(granted);
      await accountCenter.connect(registrar).revoke(patient.wallet, 1);
      await patient.revokeAll();
      await patient.revokeAll();
      const now = BigInt(await time.latest());
      expect(await consentRegistry.patientOf(patient.wallet)).to.deep.equal([2n, now, false]);
    });
  });
}
