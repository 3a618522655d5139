import { expect } from "chai";
import {
  CertificateStatus,
  InvalidCertificateStatus,
  isActiveAt,
  unpackAccount,
} from "../../src/accounts/certifiedAccount.js";
import { InvalidRole } from "../../src/accounts/role.js";
import { enrolled, loadFixture, time } from "../enrolled.js";
import { solidityEnum } from "../solidityEnum.js";

describe("unpackAccount", () => {
  it("reads what the account center says", async () => {
    const { accountCenter, hospital, doctor, patient, relayer } = await loadFixture(enrolled);
    const accountOf = async (wallet: { getAddress(): Promise<string> }) =>
      unpackAccount(BigInt(await accountCenter.accounts(await wallet.getAddress())));
    const { expiresAt, ...institution } = await accountOf(hospital);
    expect(institution).to.deep.equal({ role: "Institution", status: "Active", institution: 1, number: 1 });
    expect(expiresAt).to.be.above(await time.latest());
    expect(await accountOf(doctor)).to.include({ role: "Doctor", status: "Active", institution: 1, number: 1 });
    expect(await accountOf(patient[0])).to.include({ role: "Patient", status: "Active", institution: 0, number: 0 });
    expect(await accountOf(relayer)).to.include({ role: "None", status: "None" });
  });

  it("follows a suspension, and agrees with the contract's isActive", async () => {
    const { accountCenter, patient } = await loadFixture(enrolled);
    const wallet = patient[0].address;
    const isActive = async () => {
      const account = unpackAccount(BigInt(await accountCenter.accounts(wallet)));
      return isActiveAt(account, await time.latest());
    };
    expect(await isActive()).to.equal(true);
    await accountCenter.suspend(wallet, 6);
    expect(await isActive()).to.equal(false);
    expect(await accountCenter.isActive(wallet)).to.equal(false);
    await accountCenter.reinstate(wallet);
    const { expiresAt } = unpackAccount(BigInt(await accountCenter.accounts(wallet)));
    await time.increaseTo(expiresAt);
    expect(await isActive())
      .to.equal(await accountCenter.isActive(wallet))
      .and.to.equal(false);
  });

  it("has the contract's statuses", () => {
    expect(CertificateStatus).to.deep.equal(solidityEnum("accounts/Account.sol", "Status"));
  });

  it("refuses a word that no account packs to", () => {
    expect(() => unpackAccount(9n)).to.throw(InvalidRole);
    expect(() => unpackAccount(0x0401n)).to.throw(InvalidCertificateStatus);
  });
});
