import { expect } from "chai";
import { getAddress, toBeHex, ZeroAddress, ZeroHash } from "ethers";
import fc from "fast-check";
import { InvalidAddress } from "../../src/accounts/address.js";
import { type CertifiedRole, InvalidRole } from "../../src/accounts/role.js";
import {
  allRecords,
  grantKeyOf,
  InvalidRecipient,
  InvalidScope,
  institution,
  kindsOf,
  oneRecord,
  RecipientKind,
  recordsOfClass,
  role,
  ScopeKind,
  wallet,
} from "../../src/records/grant.js";
import { enrolled, loadFixture } from "../enrolled.js";
import { solidityEnum } from "../solidityEnum.js";

const address = fc.bigInt({ min: 1n, max: 2n ** 160n - 1n }).map((value) => getAddress(toBeHex(value, 20)));
const recordId = fc.bigInt({ min: 1n, max: 2n ** 256n - 1n }).map((value) => toBeHex(value, 32));
const scope = fc.oneof(
  fc.constant(allRecords()),
  fc.integer({ min: 24, max: 31 }).map(recordsOfClass),
  recordId.map(oneRecord),
);
const recipient = fc.oneof(
  address.map(wallet),
  fc.integer({ min: 1, max: 65_535 }).map(institution),
  fc.integer({ min: 1, max: 8 }).map((code) => role(code as CertifiedRole)),
);

describe("grantKeyOf", () => {
  it("is the contract's, for every patient, scope and recipient", async () => {
    const { consentRegistry } = await loadFixture(enrolled);
    await fc.assert(
      fc.asyncProperty(address, scope, recipient, async (patient, which, whom) => {
        expect(grantKeyOf(patient, which, whom)).to.equal(await consentRegistry.grantKeyOf(patient, which, whom));
      }),
      { numRuns: 60 },
    );
  });

  it("tells its kinds", () => {
    fc.assert(
      fc.property(address, scope, recipient, (patient, which, whom) => {
        const key = grantKeyOf(patient, which, whom);
        expect(kindsOf(key)).to.deep.equal({ scope: which.kind, recipient: whom.kind });
      }),
    );
    for (const last of ["00", "10", "01", "41", "14", "ff"]) {
      expect(kindsOf(`0x${"ab".repeat(31)}${last}`)).to.equal(undefined);
    }
  });
});

describe("scopes and recipients", () => {
  it("have the contract's kinds", () => {
    expect({ None: 0, ...ScopeKind }).to.deep.equal(solidityEnum("records/Grant.sol", "ScopeKind"));
    expect({ None: 0, ...RecipientKind }).to.deep.equal(solidityEnum("records/Grant.sol", "RecipientKind"));
  });

  it("refuse what names no records", () => {
    for (const dataClass of [23, 32, 24.5, -1, Number.NaN])
      expect(() => recordsOfClass(dataClass)).to.throw(InvalidScope);
    for (const id of ["", "0x", "0x12", ZeroHash, `0x${"zz".repeat(32)}`]) {
      expect(() => oneRecord(id)).to.throw(InvalidScope);
    }
  });

  it("refuse what is nobody", () => {
    expect(() => wallet(ZeroAddress)).to.throw(InvalidAddress);
    expect(() => wallet("doctor.eth")).to.throw(InvalidAddress);
    for (const number of [0, 65_536, 1.5, -1]) expect(() => institution(number)).to.throw(InvalidRecipient);
    // JavaScript callers are not held by the type.
    for (const code of [0, 9]) expect(() => role(code as CertifiedRole)).to.throw(InvalidRole);
  });
});
