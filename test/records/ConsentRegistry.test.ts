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
import { domainOf } from "../signatures.js";
import {
  ALL,
  bits,
  ofClass,
  oneRecord,
  type Patient,
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

/** Field by field, from the layout that the grant's type draws. */
function unpack(grant: bigint) {
  return {
    purposes: Number(grant & 0xffffffffn),
    dataClasses: Number((grant >> 32n) & 0xffffffffn),
    from: Number((grant >> 64n) & 0xffffffffffn),
    until: Number((grant >> 104n) & 0xffffffffffn),
    revokedAt: Number((grant >> 144n) & 0xffffffffffn),
    grantedAt: Number(grant >> 184n),
  };
}

/** Who signs a record for the patient of a way. */
function signingOf(world: World, wallet: string): Signing {
  return wallet === world.patient.address ? {} : { patient: world.keeper };
}

describe("ConsentRegistry", () => {
  it("publishes the domain of its signatures (ERC-5267)", async () => {
    const { consentRegistry } = await loadFixture(healthchain);
    const { name, version, chainId, verifyingContract } = await consentRegistry.eip712Domain();
    expect({ name, version, chainId, verifyingContract }).to.deep.equal(
      domainOf("Healthchain ConsentRegistry", await consentRegistry.getAddress()),
    );
  });

  describe("grantKeyOf", () => {
    it("tells in its lowest byte which kinds of scope and recipient the key is for", async () => {
      const { consentRegistry, patient, stranger } = await loadFixture(healthchain);
      const scopes = [ALL, ofClass(24), oneRecord(wordOf(7))];
      const recipients = [toWallet(stranger.address), toInstitution(1), toRole(Role.Doctor)];
      const keys = new Set<string>();
      for (const scope of scopes) {
        for (const recipient of recipients) {
          const key = await consentRegistry.grantKeyOf(patient, scope, recipient);
          expect(BigInt(key) & 0xffn).to.equal(BigInt(scope.kind * 16 + recipient.kind));
          keys.add(key);
        }
      }
      expect(keys.size).to.equal(9);
    });

    it("differs by patient, by scope and by recipient", async () => {
      const { consentRegistry, patient, neighbour } = await loadFixture(healthchain);
      const keys = [
        await consentRegistry.grantKeyOf(patient, ofClass(24), toInstitution(1)),
        await consentRegistry.grantKeyOf(neighbour, ofClass(24), toInstitution(1)),
        await consentRegistry.grantKeyOf(patient, ofClass(25), toInstitution(1)),
        await consentRegistry.grantKeyOf(patient, ofClass(24), toInstitution(2)),
      ];
      expect(new Set(keys).size).to.equal(4);
    });
  });

  describe("grantOf, patientOf and consentNonce", () => {
    it("are zero before a patient acts", async () => {
      const { consentRegistry, patient } = await loadFixture(healthchain);
      expect(await consentRegistry.grantOf(wordOf(fresh()))).to.equal(0n);
      expect(await consentRegistry.patientOf(patient)).to.deep.equal([0n, 0n, false]);
      expect(await consentRegistry.consentNonce(patient)).to.equal(0n);
    });

    it("leave the nonces of a revocation of all apart", async () => {
      const { consentRegistry, patient } = await loadFixture(healthchain);
      expect(await consentRegistry.revocationNonce(patient)).to.equal((2n ** 192n - 1n) << 64n);
    });
  });

  for (const [way, patientBy] of Object.entries(ways)) {
    describe(`grant ${way}`, () => {
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
        expect(unpack(granted)).to.deep.equal({ ...terms, from: now, revokedAt: 0, grantedAt: now });
        await expect(sent)
          .to.emit(consentRegistry, "ConsentGranted")
          .withArgs(patient.wallet, research.value, key, ALL.value, granted);
      });

      it("keeps a start in the future", async () => {
        const { consentRegistry, patient, research, keyOf } = await loadFixture(acting);
        const from = (await time.latest()) + DAY;
        await patient.grant(ALL, research, await termsFor({ from }));
        expect(unpack(await consentRegistry.grantOf(await keyOf(ALL, research))).from).to.equal(from);
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
        const grant = unpack(await consentRegistry.grantOf(await keyOf(ALL, research)));
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

    async function granted() {
      const world = await healthchain();
      const patient = await patientBy(world);
      const research = toRole(Role.Researcher);
      const terms = await termsFor();
      await patient.grant(ALL, research, terms);
      const key = await world.consentRegistry.grantKeyOf(patient.wallet, ALL, research);
      const grantNow = async () => unpack(await world.consentRegistry.grantOf(key));
      const narrow = (fields: Partial<Omit<Terms, "from">>) => narrowBy(patient, research, { ...terms, ...fields });
      return { ...world, world, patient, research, terms, key, grantNow, narrow };
    }

    function narrowBy(patient: Patient, recipient: Recipient, { purposes, dataClasses, until }: Terms) {
      return patient.narrow(ALL, recipient, purposes, dataClasses, until);
    }

    describe(`narrow ${way}`, () => {
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
          await expect(narrow(fields))
            .to.be.revertedWithCustomError(consentRegistry, "ConsentNotNarrower")
            .withArgs(key);
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

    describe(`revoke ${way}`, () => {
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
        expect(unpack(await consentRegistry.grantOf(key)).revokedAt).to.not.equal(0);
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

    describe(`revokeAll ${way}`, () => {
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

  describe("grant by transaction", () => {
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
});
