import { expect } from "chai";
import { TypedDataEncoder, Wallet } from "ethers";
import { NotSignedBy } from "../../src/eip712.js";
import {
  type ConsentKind,
  consentDomain,
  consentStatements,
  signConsent,
  verifyConsent,
} from "../../src/records/consentSignatures.js";
import { allRecords, institution } from "../../src/records/grant.js";

const PARTS = "Recipient(uint8 kind,uint160 value)Scope(uint8 kind,bytes32 value)";
const TYPE_STRINGS: Record<ConsentKind, string> = {
  Grant: `Grant(address patient,Scope scope,Recipient recipient,Terms terms,uint256 nonce,uint256 deadline)${PARTS}Terms(uint32 purposes,uint32 dataClasses,uint40 from,uint40 until)`,
  Narrowing: `Narrowing(address patient,Scope scope,Recipient recipient,uint32 purposes,uint32 dataClasses,uint40 until,uint256 nonce,uint256 deadline)${PARTS}`,
  Revocation: `Revocation(address patient,Scope scope,Recipient recipient,uint256 nonce,uint256 deadline)${PARTS}`,
  RevocationOfAll: "RevocationOfAll(address patient,uint256 nonce,uint256 deadline)",
  BreakGlassOptOut: "BreakGlassOptOut(address patient,bool optedOut,uint256 nonce,uint256 deadline)",
};

const domain = consentDomain(31337n, "0x5FbDB2315678afecb367f032d93F642f64180aa3");
const signer = new Wallet(`0x${"11".repeat(32)}`);
const terms = { purposes: 1, dataClasses: 2, from: 86_400, until: 172_800 };
const about = { scope: allRecords(), recipient: institution(1), nonce: 0n, deadline: 86_400 };

describe("consentStatements", () => {
  for (const kind of Object.keys(consentStatements) as ConsentKind[]) {
    it(`encode a ${kind} to the contract's type string`, () => {
      const { primaryType, types } = consentStatements[kind];
      expect(TypedDataEncoder.from(types).encodeType(primaryType)).to.equal(TYPE_STRINGS[kind]);
    });
  }
});

describe("verifyConsent", () => {
  it("accepts what the named patient signed, and nothing that was changed", async () => {
    const signed = await signConsent(signer, domain, "Grant", { ...about, terms });
    expect(signed.message.patient).to.equal(signer.address);
    expect(() => verifyConsent(domain, signed)).not.to.throw();
    const changes = [
      { patient: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266" },
      { recipient: institution(2) },
      { terms: { ...terms, until: 259_200 } },
      { nonce: 1n },
      { deadline: 172_800 },
    ];
    for (const change of changes) {
      const forged = { ...signed, message: { ...signed.message, ...change } };
      expect(() => verifyConsent(domain, forged)).to.throw(NotSignedBy);
    }
  });

  it("tells a revocation from a grant of the same values", async () => {
    const { message, signature } = await signConsent(signer, domain, "Revocation", about);
    const asGrant = { kind: "Grant" as const, message: { ...message, terms }, signature };
    expect(() => verifyConsent(domain, asGrant)).to.throw(NotSignedBy);
  });
});
