import { expect } from "chai";
import fc from "fast-check";
import { InvalidAddress } from "../../../src/accounts/index.js";
import { allRecords, institution, oneRecord, recordsOfClass, role, wallet } from "../../../src/records/grant.js";
import { ArgumentInvalid } from "../../../tasks/arguments/argumentInvalid.js";
import { granteeArgument, recipientText, scopeArgument, scopeText } from "../../../tasks/arguments/grantee.js";

const address = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
const id = `0x${"ab".repeat(32)}`;

describe("recipients and scopes as arguments", () => {
  it("takes a wallet alone, or with the role that it is said to have", () => {
    expect(granteeArgument(address)).to.deep.equal({ recipient: wallet(address) });
    expect(granteeArgument(`wallet:${address}`)).to.deep.equal({ recipient: wallet(address) });
    expect(granteeArgument(`doctor:${address}`)).to.deep.equal({
      recipient: wallet(address),
      claim: { wallet: address, role: "Doctor" },
    });
  });

  it("takes institutions and roles", () => {
    expect(granteeArgument("institution:3").recipient).to.deep.equal(institution(3));
    expect(granteeArgument("role:Researcher").recipient).to.deep.equal(role(4));
  });

  for (const text of ["institution:0", "institution:x", "role:Nobody", "none:0x", "hospital:3"]) {
    it(`refuses "${text}"`, () => {
      expect(() => granteeArgument(text)).to.throw(ArgumentInvalid);
    });
  }

  it("refuses a mistyped address", () => {
    expect(() => granteeArgument(address.replace("3C", "3c"))).to.throw(InvalidAddress);
    expect(() => granteeArgument("doctor:0x12")).to.throw(InvalidAddress);
  });

  it("takes all records, a class of them, or one", () => {
    expect(scopeArgument("all")).to.deep.equal(allRecords());
    expect(scopeArgument("class:EmergencyRecord")).to.deep.equal(recordsOfClass(25));
    expect(scopeArgument(id)).to.deep.equal(oneRecord(id));
    expect(scopeArgument(`record:${id}`)).to.deep.equal(oneRecord(id));
    for (const text of ["", "some", "class:Laboratory", "record:0x12", "all:1"]) {
      expect(() => scopeArgument(text), text).to.throw(ArgumentInvalid);
    }
  });

  it("reads what it writes", () => {
    const recipients = fc.oneof(
      fc.integer({ min: 1, max: 65_535 }).map(institution),
      fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8).map((code) => role(code as 1)),
      fc.constant(wallet(address)),
    );
    const scopes = fc.oneof(
      fc.constantFrom(allRecords(), oneRecord(id)),
      fc.integer({ min: 24, max: 29 }).map(recordsOfClass),
    );
    fc.assert(
      fc.property(recipients, scopes, (recipient, scope) => {
        expect(granteeArgument(recipientText(recipient.kind, recipient.value)).recipient).to.deep.equal(recipient);
        expect(scopeArgument(scopeText(scope.kind, scope.value))).to.deep.equal(scope);
      }),
    );
  });
});
