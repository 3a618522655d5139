import { expect } from "chai";
import {
  type Actor,
  assertRecord,
  BREAK_GLASS,
  DAY,
  enroll,
  ethers,
  fresh,
  headerFor,
  healthchain,
  loadFixture,
  Role,
  register,
  signRecord,
  time,
  type World,
  wordOf,
} from "../fixture.js";
import { Decision, Purpose, seal, ways } from "./patientActions.js";

const SECTION = 3;
const REASON = { Unspecified: 0, LifeThreat: 1, PublicHealthEmergency: 4 } as const;
const BY_KEY = "isPermitted(bytes32,bytes32,address,uint8,uint8)";

/** An accepted record of the hospital's; the clinic's doctor, a stranger to the patient, is the one in the emergency. */
async function emergency() {
  const world = await healthchain();
  const id = await register(world);
  return { ...world, world, id, ...acting(world, id) };
}

function acting({ consentRegistry, colleague }: World, id: string) {
  const breakGlass = (record: string = id, doctor: Actor = colleague) =>
    consentRegistry.connect(doctor).breakGlass(record, REASON.LifeThreat);
  const decide = (requester: Actor = colleague, purpose: number = Purpose.ETREAT) =>
    consentRegistry.decisionOf(id, requester, purpose, SECTION);
  return { breakGlass, decide };
}

describe("BreakGlass", () => {
  describe("breakGlass", () => {
    it("opens one record to one doctor for emergency treatment", async () => {
      const { consentRegistry, id, colleague, breakGlass, decide } = await loadFixture(emergency);
      expect(await decide()).to.equal(Decision.NoConsent);
      const now = (await time.latest()) + 10;
      const until = now + BREAK_GLASS.duration;
      await time.setNextBlockTimestamp(now);
      await expect(breakGlass()).to.emit(consentRegistry, "GlassBroken").withArgs(id, 2, 2, REASON.LifeThreat, until);
      expect(await consentRegistry.brokenGlassUntil(2, id)).to.equal(until);
      expect(await decide()).to.equal(Decision.PermittedByBreakGlass);
      expect(await consentRegistry["isPermitted(bytes32,address,uint8,uint8)"](id, colleague, 1, SECTION)).to.equal(
        true,
      );
    });

    it("returns when access ends", async () => {
      const { consentRegistry, id, colleague } = await loadFixture(emergency);
      const until = await consentRegistry.connect(colleague).breakGlass.staticCall(id, REASON.Unspecified);
      expect(Number(until)).to.be.greaterThan(await time.latest());
    });

    it("takes every reason there is, and no other", async () => {
      const { consentRegistry, id, colleague } = await loadFixture(emergency);
      const registry = consentRegistry.connect(colleague);
      for (let reason = REASON.Unspecified; reason <= REASON.PublicHealthEmergency; reason++) {
        await registry.breakGlass.staticCall(id, reason);
      }
      await expect(registry.breakGlass(id, REASON.PublicHealthEmergency + 1)).to.revert(ethers);
    });

    it("opens nothing for another purpose, another record, another doctor or anyone at the clinic", async () => {
      const { world, consentRegistry, colleague, clinic, researcher, breakGlass, decide } =
        await loadFixture(emergency);
      const other = await register(world);
      await breakGlass();
      for (let purpose = 0; purpose < 256; purpose += purpose < 33 ? 1 : 37) {
        if (purpose === Purpose.ETREAT) continue;
        expect(await decide(colleague, purpose)).to.equal(Decision.NoConsent);
      }
      const elsewhere = await consentRegistry.decisionOf(other, colleague, Purpose.ETREAT, SECTION);
      expect(elsewhere).to.equal(Decision.NoConsent);
      expect(await decide(clinic)).to.equal(Decision.NoConsent);
      expect(await decide(researcher)).to.equal(Decision.NoConsent);
    });

    it("does not open the record to a researcher whose number is next to the doctor's", async () => {
      const { consentRegistry, id, researcher, breakGlass } = await loadFixture(emergency);
      await breakGlass();
      expect(await consentRegistry.brokenGlassUntil(3, id)).to.equal(0n);
      expect(await consentRegistry.decisionOf(id, researcher, Purpose.ETREAT, SECTION)).to.equal(Decision.NoConsent);
    });

    it("does not open it to the institution that has the doctor's number", async () => {
      const { accountCenter, clinic, colleague, breakGlass, decide } = await loadFixture(emergency);
      const numberOf = async (wallet: Actor) => ((await accountCenter.accounts(wallet)) >> 32n) & 0xffffffn;
      expect(await numberOf(clinic)).to.equal(await numberOf(colleague));
      await breakGlass();
      expect(await decide(clinic)).to.equal(Decision.NoConsent);
    });

    it("counts for no grant's key, so never for the market", async () => {
      const { consentRegistry, id, patient, colleague, breakGlass } = await loadFixture(emergency);
      await breakGlass();
      const key = await consentRegistry.grantKeyOf(patient, { kind: 1, value: wordOf(0) }, { kind: 3, value: 2n });
      expect(await consentRegistry[BY_KEY](key, id, colleague, Purpose.ETREAT, SECTION)).to.equal(false);
    });

    it("ends after the duration, to the second", async () => {
      const { breakGlass, decide } = await loadFixture(emergency);
      await breakGlass();
      const until = (await time.latest()) + BREAK_GLASS.duration;
      await time.increaseTo(until - 1);
      expect(await decide()).to.equal(Decision.PermittedByBreakGlass);
      await time.increaseTo(until);
      expect(await decide()).to.equal(Decision.NoConsent);
    });

    describe("given a record that is open", () => {
      it("refuses to open it again before it closes", async () => {
        const { consentRegistry, id, breakGlass } = await loadFixture(emergency);
        await breakGlass();
        const until = (await time.latest()) + BREAK_GLASS.duration;
        await time.setNextBlockTimestamp(until - 1);
        await expect(breakGlass())
          .to.be.revertedWithCustomError(consentRegistry, "BreakGlassStillOpen")
          .withArgs(id, until);
      });

      it("opens it again once it is closed", async () => {
        const { breakGlass, decide } = await loadFixture(emergency);
        await breakGlass();
        await time.setNextBlockTimestamp((await time.latest()) + BREAK_GLASS.duration);
        await breakGlass();
        expect(await decide()).to.equal(Decision.PermittedByBreakGlass);
      });

      it("opens it to another doctor meanwhile", async () => {
        const { consentRegistry, id, doctor, breakGlass } = await loadFixture(emergency);
        await breakGlass();
        await breakGlass(id, doctor);
        expect(await consentRegistry.brokenGlassUntil(1, id)).to.not.equal(0n);
      });
    });

    describe("given the daily limit", () => {
      async function limitReached() {
        const all = await emergency();
        const records: string[] = [];
        for (let index = 0; index <= BREAK_GLASS.dailyLimit; index++) records.push(await register(all.world));
        const last = records.pop() ?? "";
        const midnight = (Math.floor((await time.latest()) / DAY) + 1) * DAY;
        await time.increaseTo(midnight + DAY / 2);
        for (const record of records) await all.breakGlass(record);
        return { ...all, last, nextMidnight: midnight + DAY };
      }

      it("refuses one more on the same UTC day, to its last second", async () => {
        const { consentRegistry, breakGlass, last, nextMidnight } = await loadFixture(limitReached);
        for (const moment of [nextMidnight - DAY / 2 + 100, nextMidnight - 1]) {
          await time.setNextBlockTimestamp(moment);
          await expect(breakGlass(last))
            .to.be.revertedWithCustomError(consentRegistry, "BreakGlassLimitReached")
            .withArgs(2, BREAK_GLASS.dailyLimit);
        }
      });

      it("starts again at midnight, with the whole limit", async () => {
        const { consentRegistry, breakGlass, id, last, nextMidnight, world } = await loadFixture(limitReached);
        const third = await register(world);
        await time.setNextBlockTimestamp(nextMidnight);
        await breakGlass(last);
        await breakGlass(id);
        await expect(breakGlass(third))
          .to.be.revertedWithCustomError(consentRegistry, "BreakGlassLimitReached")
          .withArgs(2, BREAK_GLASS.dailyLimit);
      });

      it("tells how many were opened on which day", async () => {
        const { consentRegistry, nextMidnight } = await loadFixture(limitReached);
        expect(await consentRegistry.breakGlassOpenings(2)).to.deep.equal([
          BigInt(nextMidnight / DAY - 1),
          BigInt(BREAK_GLASS.dailyLimit),
        ]);
        expect(await consentRegistry.breakGlassOpenings(1)).to.deep.equal([0n, 0n]);
      });

      it("counts each doctor alone", async () => {
        const { doctor, breakGlass, last } = await loadFixture(limitReached);
        await breakGlass(last, doctor);
      });

      it("counts the doctor, not the institution: moving gives no more", async () => {
        const { world, consentRegistry, colleague, breakGlass, last } = await loadFixture(limitReached);
        await enroll(world, { wallet: colleague.address, role: Role.Doctor, institution: 1 });
        await expect(breakGlass(last)).to.be.revertedWithCustomError(consentRegistry, "BreakGlassLimitReached");
      });

      it("follows the rule as it is now", async () => {
        const { consentRegistry, operator, breakGlass, last } = await loadFixture(limitReached);
        await consentRegistry.connect(operator).setBreakGlassRule(3, 900);
        await breakGlass(last);
        expect(await consentRegistry.brokenGlassUntil(2, last)).to.equal((await time.latest()) + 900);
      });
    });

    describe("given the record's state", () => {
      it("opens an asserted record", async () => {
        const world = await loadFixture(healthchain);
        const id = await assertRecord(world);
        const { breakGlass, decide } = acting(world, id);
        await breakGlass();
        expect(await decide()).to.equal(Decision.PermittedByBreakGlass);
      });

      it("opens a superseded record", async () => {
        const { world, recordRegistry, hospital, id, breakGlass, decide } = await loadFixture(emergency);
        const header = await headerFor(world);
        await recordRegistry
          .connect(hospital)
          .amend(header, header.doctor, id, await signRecord(world, header, { supersedes: id }));
        await breakGlass();
        expect(await decide()).to.equal(Decision.PermittedByBreakGlass);
      });

      it("refuses a repudiated record", async () => {
        const world = await loadFixture(healthchain);
        const id = await assertRecord(world);
        await world.recordRegistry.connect(world.patient).repudiate(id);
        await expect(acting(world, id).breakGlass())
          .to.be.revertedWithCustomError(world.consentRegistry, "BreakGlassUnavailable")
          .withArgs(id, 2);
      });

      it("closes an open record when the patient repudiates it", async () => {
        const world = await loadFixture(healthchain);
        const id = await assertRecord(world);
        const { breakGlass, decide } = acting(world, id);
        await breakGlass();
        await world.recordRegistry.connect(world.patient).repudiate(id);
        expect(await decide()).to.equal(Decision.RecordNotAccepted);
      });

      it("refuses a record that does not exist", async () => {
        const { consentRegistry, breakGlass } = await loadFixture(emergency);
        const unknown = wordOf(fresh());
        await expect(breakGlass(unknown))
          .to.be.revertedWithCustomError(consentRegistry, "BreakGlassUnavailable")
          .withArgs(unknown, 0);
      });
    });

    describe("given the doctor's certificate", () => {
      it("refuses who is no doctor", async () => {
        const { consentRegistry, id, stranger, researcher, clinic, patient, breakGlass } = await loadFixture(emergency);
        await expect(breakGlass(id, stranger))
          .to.be.revertedWithCustomError(consentRegistry, "AccountNotCertified")
          .withArgs(stranger.address);
        for (const [caller, role] of [
          [researcher, Role.Researcher],
          [clinic, Role.Institution],
          [patient, Role.Patient],
        ] as const) {
          await expect(breakGlass(id, caller))
            .to.be.revertedWithCustomError(consentRegistry, "AccountRoleMismatch")
            .withArgs(caller.address, role, Role.Doctor);
        }
      });

      for (const [state, error, decision] of [
        ["suspend", "AccountSuspended", Decision.RequesterSuspended],
        ["revoke", "AccountRevoked", Decision.RequesterRevoked],
      ] as const) {
        it(`refuses after the registrar's ${state}, and closes what was open`, async () => {
          const { accountCenter, consentRegistry, registrar, colleague, breakGlass, decide } =
            await loadFixture(emergency);
          await breakGlass();
          await accountCenter.connect(registrar)[state](colleague, 0);
          expect(await decide()).to.equal(decision);
          await expect(breakGlass()).to.be.revertedWithCustomError(consentRegistry, error).withArgs(colleague.address);
        });
      }

      it("refuses a certificate that has ended", async () => {
        const { accountCenter, consentRegistry, colleague, breakGlass } = await loadFixture(emergency);
        const expiresAt = (await accountCenter.accounts(colleague)) >> 56n;
        await time.setNextBlockTimestamp(expiresAt);
        await expect(breakGlass())
          .to.be.revertedWithCustomError(consentRegistry, "AccountExpired")
          .withArgs(colleague.address, expiresAt);
      });
    });
  });

  for (const [way, patientBy] of Object.entries(ways)) {
    describe(`setBreakGlassOptOut ${way}`, () => {
      async function optingOut() {
        const world = await healthchain();
        const patient = await patientBy(world);
        const signer = patient.wallet === world.patient.address ? world.patient : world.keeper;
        const id = await register(world, { patient: patient.wallet }, { patient: signer });
        return { ...world, patient, id, ...acting(world, id) };
      }

      it("keeps emergencies out, and lets them in again", async () => {
        const { consentRegistry, patient, id, breakGlass } = await loadFixture(optingOut);
        await expect(patient.setBreakGlassOptOut(true))
          .to.emit(consentRegistry, "BreakGlassOptOutSet")
          .withArgs(patient.wallet, true);
        await expect(breakGlass()).to.be.revertedWithCustomError(consentRegistry, "BreakGlassOptedOut").withArgs(id);
        await expect(patient.setBreakGlassOptOut(false))
          .to.emit(consentRegistry, "BreakGlassOptOutSet")
          .withArgs(patient.wallet, false);
        await breakGlass();
      });

      it("leaves open what was opened before", async () => {
        const { patient, breakGlass, decide } = await loadFixture(optingOut);
        await breakGlass();
        await patient.setBreakGlassOptOut(true);
        expect(await decide()).to.equal(Decision.PermittedByBreakGlass);
      });

      it("raises the patient's counter when it forbids, and keeps when all was revoked", async () => {
        const { consentRegistry, patient } = await loadFixture(optingOut);
        await patient.revokeAll();
        const [counter, allRevokedAt] = await consentRegistry.patientOf(patient.wallet);
        await patient.setBreakGlassOptOut(true);
        expect(await consentRegistry.patientOf(patient.wallet)).to.deep.equal([counter + 1n, allRevokedAt, true]);
        await patient.setBreakGlassOptOut(false);
        expect(await consentRegistry.patientOf(patient.wallet)).to.deep.equal([counter + 1n, allRevokedAt, false]);
      });
    });
  }

  describe("setBreakGlassOptOut by transaction", () => {
    it("speaks for the sender only", async () => {
      const { consentRegistry, neighbour, breakGlass } = await loadFixture(emergency);
      await consentRegistry.connect(neighbour).setBreakGlassOptOut(true);
      await breakGlass();
    });
  });

  describe("setBreakGlassOptOutBySig", () => {
    it("works whatever the state of the patient's certificate", async () => {
      const { world, accountCenter, consentRegistry, registrar, patient } = await loadFixture(emergency);
      await accountCenter.connect(registrar).revoke(patient, 1);
      const { nonce, deadline, signature } = await seal(world, patient, patient.address, "BreakGlassOptOut", {
        optedOut: true,
      });
      await consentRegistry.setBreakGlassOptOutBySig(patient, true, nonce, deadline, signature);
      expect((await consentRegistry.patientOf(patient)).breakGlassOptOut).to.equal(true);
    });
  });

  describe("setBreakGlassRule", () => {
    const good = [
      [1, 900],
      [24, 86_400],
    ] as const;
    for (const [limit, duration] of good) {
      it(`takes ${limit} a day for ${duration} seconds`, async () => {
        const { consentRegistry, operator } = await loadFixture(healthchain);
        await expect(consentRegistry.connect(operator).setBreakGlassRule(limit, duration))
          .to.emit(consentRegistry, "BreakGlassRuleSet")
          .withArgs(limit, duration);
        expect(await consentRegistry.breakGlassDailyLimit()).to.equal(limit);
        expect(await consentRegistry.breakGlassDuration()).to.equal(duration);
      });
    }

    const bad = [
      [0, 900],
      [25, 900],
      [1, 899],
      [1, 86_401],
    ] as const;
    for (const [limit, duration] of bad) {
      it(`refuses ${limit} a day for ${duration} seconds`, async () => {
        const { consentRegistry, operator } = await loadFixture(healthchain);
        await expect(consentRegistry.connect(operator).setBreakGlassRule(limit, duration))
          .to.be.revertedWithCustomError(consentRegistry, "BreakGlassRuleInvalid")
          .withArgs(limit, duration);
      });
    }

    it("refuses everybody but the operator", async () => {
      const { consentRegistry, stranger, doctor, registrar } = await loadFixture(healthchain);
      for (const caller of [stranger, doctor, registrar]) {
        await expect(consentRegistry.connect(caller).setBreakGlassRule(1, 900))
          .to.be.revertedWithCustomError(consentRegistry, "AccessManagedUnauthorized")
          .withArgs(caller.address);
      }
    });

    it("leaves open what was opened under the rule before", async () => {
      const { consentRegistry, operator, id, breakGlass } = await loadFixture(emergency);
      await breakGlass();
      const until = await consentRegistry.brokenGlassUntil(2, id);
      await consentRegistry.connect(operator).setBreakGlassRule(1, 900);
      expect(await consentRegistry.brokenGlassUntil(2, id)).to.equal(until);
    });

    it("bounds the deployment too", async () => {
      const { consentRegistry, accountCenter, recordRegistry, consortium } = await loadFixture(healthchain);
      const parameters = [consortium, accountCenter, recordRegistry, 0, 900];
      await expect(ethers.deployContract("ConsentRegistry", parameters))
        .to.be.revertedWithCustomError(consentRegistry, "BreakGlassRuleInvalid")
        .withArgs(0, 900);
    });
  });
});
