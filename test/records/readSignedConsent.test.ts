import { expect } from "chai";
import { Wallet } from "ethers";
import {
  type ConsentKind,
  consentDomain,
  type SignedConsent,
  signConsent,
} from "../../src/records/consentSignatures.js";
import { institution, recordsOfClass } from "../../src/records/grant.js";
import { readSignedConsent, SignedConsentInvalid } from "../../src/records/readSignedConsent.js";

const patient = Wallet.createRandom();
const domain = consentDomain(1n, Wallet.createRandom().address);
const validity = { nonce: (7n << 64n) | 1n, deadline: 1_800_000_000 };
const grantee = { scope: recordsOfClass(24), recipient: institution(3) };
const terms = { purposes: 3, dataClasses: 5, from: 1_700_000_000, until: 1_900_000_000 };
const { from: _, ...narrowed } = terms;

/** One statement of each kind. */
async function statements(): Promise<SignedConsent[]> {
  return Promise.all([
    signConsent(patient, domain, "Grant", { ...grantee, terms, ...validity }),
    signConsent(patient, domain, "Narrowing", { ...grantee, ...narrowed, ...validity }),
    signConsent(patient, domain, "Revocation", { ...grantee, ...validity }),
    signConsent(patient, domain, "RevocationOfAll", validity),
    signConsent(patient, domain, "BreakGlassOptOut", { optedOut: true, ...validity }),
  ]);
}

/** As a file has it: whole numbers beyond JavaScript's as decimal digits. */
function written(signed: SignedConsent): { kind: ConsentKind; message: Record<string, unknown>; signature: string } {
  return JSON.parse(JSON.stringify(signed, (_, value) => (typeof value === "bigint" ? value.toString() : value)));
}

describe("readSignedConsent", () => {
  it("gives back what was written, of every kind, and keeps nothing else", async () => {
    for (const signed of await statements()) {
      expect(readSignedConsent({ ...written(signed), note: "send at once" }), signed.kind).to.deep.equal(signed);
    }
  });

  it("refuses every missing field", async () => {
    for (const signed of await statements()) {
      const value = written(signed);
      for (const field of Object.keys(value)) {
        expect(() => readSignedConsent({ ...value, [field]: undefined }), field).to.throw(SignedConsentInvalid);
      }
      for (const field of Object.keys(value.message)) {
        const message = { ...value.message, [field]: undefined };
        expect(() => readSignedConsent({ ...value, message }), field).to.throw(SignedConsentInvalid);
      }
    }
  });

  it("refuses fields of another kind", async () => {
    const [grant] = await statements();
    if (grant === undefined) throw new Error("There is no grant.");
    const value = written(grant);
    const bad = [
      { nonce: 5 },
      { nonce: "0x5" },
      { deadline: -1 },
      { patient: "0x12" },
      { scope: { kind: 4, value: grantee.scope.value } },
      { scope: { kind: 1, value: "0x" } },
      { recipient: { kind: "2", value: "3" } },
      { recipient: { kind: 2, value: 3 } },
      { terms: { ...terms, until: "2027" } },
    ];
    for (const fields of bad) {
      const message = { ...value.message, ...fields };
      expect(() => readSignedConsent({ ...value, message }), JSON.stringify(fields)).to.throw(SignedConsentInvalid);
    }
    for (const kind of ["Permit", "toString", 1]) {
      expect(() => readSignedConsent({ ...value, kind })).to.throw(SignedConsentInvalid, "Grant");
    }
    for (const nothing of [undefined, null, 5, []]) {
      expect(() => readSignedConsent(nothing)).to.throw(SignedConsentInvalid, "statement");
    }
  });
});
