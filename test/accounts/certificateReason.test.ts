import { expect } from "chai";
import { CertificateReason } from "../../src/accounts/certificateReason.js";
import { solidityEnum } from "../solidityEnum.js";

describe("CertificateReason", () => {
  it("has the contract's reasons", () => {
    expect(CertificateReason).to.deep.equal(solidityEnum("accounts/IAccountCenter.sol", "Reason"));
  });
});
