import { expect } from "chai";
import type { Signer } from "ethers";
import { ChainError } from "../../src/chainError.js";
import { domainOf } from "../../src/eip712.js";
import {
  grantConsent,
  narrowConsent,
  revokeAllConsents,
  revokeConsent,
  setBreakGlassOptOut,
  submitConsent,
} from "../../src/records/consent.js";
import {
  type ConsentKind,
  type ConsentMessages,
  type Signed,
  signConsent,
} from "../../src/records/consentSignatures.js";
import { DataClass } from "../../src/records/dataClass.js";
import { allRecords, grantKeyOf, oneRecord, wallet } from "../../src/records/grant.js";
import { termsOf, unpackGrant } from "../../src/records/terms.js";
import { dayCeil } from "../../src/utcDay.js";
import { chainTime, enrolled, fund, inDays, loadFixture, registeredFor, rejection, time } from "../enrolled.js";

async function consenting() {
  const world = await loadFixture(enrolled);
  const [patient] = world.patient;
  await fund(patient);
  const recipient = wallet(await world.researcher.getAddress());
  const terms = termsOf({
    purposes: ["HRESCH", "TREAT"],
    dataClasses: [DataClass.Conditions, DataClass.Laboratory],
    from: await chainTime(),
    until: await inDays(30),
  });
  const scope = allRecords();
  const key = grantKeyOf(patient.address, scope, recipient);
  const domain = await domainOf(world.consentRegistry);
  const validity = async (ahead = 0n) => ({
    nonce: (await world.consentRegistry.consentNonce(patient)) + ahead,
    deadline: dayCeil(await inDays(1)),
  });
  const sign = <Kind extends ConsentKind>(kind: Kind, message: Omit<ConsentMessages[Kind], "patient">) =>
    signConsent(patient, domain, kind, message);
  return {
    ...world,
    world,
    patient,
    scope,
    recipient,
    terms,
    key,
    sign,
    validity,
    about: { scope, recipient },
    byPatient: world.consentRegistry.connect(patient),
    byRelayer: world.consentRegistry.connect(world.relayer),
    grantUnderKey: async () => unpackGrant(BigInt(await world.consentRegistry.grantOf(key))),
    optedOut: async (who: Signer) => (await world.consentRegistry.patientOf(await who.getAddress())).breakGlassOptOut,
  };
}

type Consenting = Awaited<ReturnType<typeof consenting>>;

async function refusalOf(run: Promise<unknown>): Promise<string> {
  const error = await rejection(run);
  expect(error).to.be.instanceOf(ChainError);
  return error instanceof ChainError ? error.errorName : "";
}

describe("consent by transaction", () => {
  it("is granted, and reads back as it was given", async () => {
    const { byPatient, scope, recipient, terms, grantUnderKey } = await consenting();
    await grantConsent(byPatient, scope, recipient, terms);
    const now = await time.latest();
    // A start in the past counts from the grant on.
    const from = Math.max(terms.from, now);
    expect(await grantUnderKey()).to.deep.equal({ ...terms, from, revokedAt: 0, grantedAt: now });
  });

  it("is narrowed and revoked", async () => {
    const { byPatient, scope, recipient, terms, grantUnderKey } = await consenting();
    await grantConsent(byPatient, scope, recipient, terms);
    await narrowConsent(byPatient, scope, recipient, { ...terms, purposes: 1 });
    expect(await grantUnderKey()).to.include({ purposes: 1, until: terms.until, revokedAt: 0 });
    await revokeConsent(byPatient, scope, recipient);
    expect(await grantUnderKey()).to.include({ revokedAt: await time.latest() });
  });

  it("is revoked with all others", async () => {
    const { byPatient, consentRegistry, patient, scope, recipient, terms } = await consenting();
    await grantConsent(byPatient, scope, recipient, terms);
    await revokeAllConsents(byPatient);
    const { allRevokedAt } = await consentRegistry.patientOf(patient);
    expect(Number(allRevokedAt)).to.equal(await time.latest());
    expect(await refusalOf(revokeConsent(byPatient, scope, recipient))).to.equal("ConsentNotLive");
  });

  it("opts out of break-glass, and in again", async () => {
    const { byPatient, patient, optedOut } = await consenting();
    await setBreakGlassOptOut(byPatient, true);
    expect(await optedOut(patient)).to.equal(true);
    await setBreakGlassOptOut(byPatient, false);
    expect(await optedOut(patient)).to.equal(false);
  });

  it("is refused with the contract's reason and a remedy", async () => {
    const { byRelayer, byPatient, scope, recipient, terms } = await consenting();
    expect(await refusalOf(grantConsent(byRelayer, scope, recipient, terms))).to.equal("AccountNotCertified");
    const unknown = oneRecord(`0x${"ab".repeat(32)}`);
    const error = await rejection(grantConsent(byPatient, unknown, recipient, terms));
    expect(error).to.have.property("message").that.contains("ConsentRecordNotOf").and.contains("another patient's");
  });
});

describe("consent by signature, which anyone submits", () => {
  const granted = async (c: Consenting) => {
    await submitConsent(c.byRelayer, await c.sign("Grant", { ...c.about, terms: c.terms, ...(await c.validity()) }));
  };

  it("grants, for one record as for all", async () => {
    const c = await consenting();
    await granted(c);
    expect(await c.grantUnderKey()).to.include({ purposes: c.terms.purposes, until: c.terms.until });

    const scope = oneRecord(await registeredFor(c.world, c.patient));
    const one = await c.sign("Grant", { ...c.about, scope, terms: c.terms, ...(await c.validity()) });
    await submitConsent(c.byRelayer, one);
    const key = grantKeyOf(c.patient.address, scope, c.recipient);
    expect(BigInt(await c.consentRegistry.grantOf(key)) > 0n).to.equal(true);
  });

  it("narrows", async () => {
    const c = await consenting();
    await granted(c);
    const narrower = { purposes: 1, dataClasses: c.terms.dataClasses, until: c.terms.until };
    await submitConsent(c.byRelayer, await c.sign("Narrowing", { ...c.about, ...narrower, ...(await c.validity()) }));
    expect(await c.grantUnderKey()).to.include({ ...narrower, revokedAt: 0 });
  });

  it("revokes one", async () => {
    const c = await consenting();
    await granted(c);
    await submitConsent(c.byRelayer, await c.sign("Revocation", { ...c.about, ...(await c.validity()) }));
    expect(await c.grantUnderKey()).to.include({ revokedAt: await time.latest() });
  });

  it("revokes all", async () => {
    const c = await consenting();
    await granted(c);
    const { deadline } = await c.validity();
    const all = await c.sign("RevocationOfAll", {
      nonce: await c.consentRegistry.revocationNonce(c.patient),
      deadline,
    });
    await submitConsent(c.byRelayer, all);
    expect(Number((await c.consentRegistry.patientOf(c.patient)).allRevokedAt)).to.equal(await time.latest());
    expect(await refusalOf(submitConsent(c.byRelayer, all))).to.equal("InvalidAccountNonce");
    const other = await c.sign("RevocationOfAll", await c.validity());
    expect(await refusalOf(submitConsent(c.byRelayer, other))).to.equal("ConsentNonceInvalid");
  });

  it("opts out of break-glass", async () => {
    const c = await consenting();
    await submitConsent(c.byRelayer, await c.sign("BreakGlassOptOut", { optedOut: true, ...(await c.validity()) }));
    expect(await c.optedOut(c.patient)).to.equal(true);
  });

  it("counts once, in order, before its deadline, and as it was signed", async () => {
    const c = await consenting();
    const first = await c.sign("Grant", { ...c.about, terms: c.terms, ...(await c.validity()) });
    const second = await c.sign("BreakGlassOptOut", { optedOut: false, ...(await c.validity(1n)) });
    expect(await refusalOf(submitConsent(c.byRelayer, second))).to.equal("InvalidAccountNonce");
    const changed: Signed<"Grant"> = { ...first, message: { ...first.message, terms: { ...c.terms, purposes: 1 } } };
    expect(await refusalOf(submitConsent(c.byRelayer, changed))).to.equal("ConsentSignatureInvalid");
    await submitConsent(c.byRelayer, first);
    expect(await refusalOf(submitConsent(c.byRelayer, first))).to.equal("InvalidAccountNonce");
    await submitConsent(c.byRelayer, second);

    const late = await c.sign("BreakGlassOptOut", { optedOut: false, ...(await c.validity()) });
    await time.increaseTo(late.message.deadline + 1);
    expect(await refusalOf(submitConsent(c.byRelayer, late))).to.equal("ConsentSignatureExpired");
  });

  it("takes access away though an earlier grant is sent first, or never", async () => {
    const c = await consenting();
    await granted(c);
    const withheld = await c.sign("Grant", { ...c.about, terms: c.terms, ...(await c.validity()) });
    const one = await c.sign("Revocation", { ...c.about, ...(await c.validity()) });
    const nonce = await c.consentRegistry.revocationNonce(c.patient);
    const all = await c.sign("RevocationOfAll", { nonce, deadline: dayCeil(await inDays(1)) });
    await submitConsent(c.byRelayer, withheld);
    await submitConsent(c.byRelayer, one);
    await submitConsent(c.byRelayer, all);
    expect((await c.grantUnderKey())?.revokedAt).to.be.greaterThan(0);
    expect(await refusalOf(submitConsent(c.byRelayer, one))).to.equal("ConsentSignatureRevoked");
  });

  it("cannot opt in again after an opt-out by transaction", async () => {
    const c = await consenting();
    const stale = await c.sign("BreakGlassOptOut", { optedOut: false, ...(await c.validity()) });
    await setBreakGlassOptOut(c.byPatient, true);
    expect(await refusalOf(submitConsent(c.byRelayer, stale))).to.equal("ConsentSignatureRevoked");
    expect(await c.optedOut(c.patient)).to.equal(true);
  });

  it("is void after any revocation, though it was signed before and not yet sent", async () => {
    const c = await consenting();
    await granted(c);
    const pending = await c.sign("Grant", { ...c.about, terms: c.terms, ...(await c.validity()) });
    const later = await c.sign("Grant", { ...c.about, terms: c.terms, ...(await c.validity(1n)) });
    await revokeConsent(c.byPatient, c.scope, c.recipient);
    expect(await refusalOf(submitConsent(c.byRelayer, pending))).to.equal("ConsentSignatureRevoked");
    expect(await refusalOf(submitConsent(c.byRelayer, later))).to.equal("ConsentSignatureRevoked");

    const beforeAll = await c.sign("Grant", { ...c.about, terms: c.terms, ...(await c.validity()) });
    await revokeAllConsents(c.byPatient);
    expect(await refusalOf(submitConsent(c.byRelayer, beforeAll))).to.equal("ConsentSignatureRevoked");
  });
});
