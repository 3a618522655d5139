import { expect } from "chai";
import { InvalidRole, isCertifiedRole, isProfessionalRole, Role, roleName } from "../../src/accounts/role.js";

describe("Role", () => {
  it("has the codes of the contract's enum", () => {
    expect(Object.entries(Role)).to.deep.equal([
      ["None", 0],
      ["Patient", 1],
      ["Doctor", 2],
      ["Institution", 3],
      ["Researcher", 4],
      ["Company", 5],
      ["Auditor", 6],
      ["Insurer", 7],
      ["Bank", 8],
    ]);
  });

  it("names a code, also one that a contract returned", () => {
    expect(roleName(2)).to.equal("Doctor");
    expect(roleName(8n)).to.equal("Bank");
  });

  for (const code of [-1, 9, 1.5, Number.NaN]) {
    it(`refuses to name ${code}`, () => {
      expect(() => roleName(code)).to.throw(InvalidRole, `Role ${code} does not fit`);
    });
  }

  it("can certify every role but None, and counts all of them but Patient as professional", () => {
    const codes = [-1, ...Object.values(Role), 9, 1.5];
    expect(codes.filter(isCertifiedRole)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(codes.filter(isProfessionalRole)).to.deep.equal([2, 3, 4, 5, 6, 7, 8]);
  });
});
