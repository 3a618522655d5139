import { expect } from "chai";
import { ethers } from "ethers";
import { DAY, enroll, healthchain, loadFixture, Role, time } from "../fixture.js";
import { Reason } from "./standing.js";

describe("AccountCenter: areActiveIn", () => {
  it("sets the bit of each wallet that is certified in the role, in the order given", async () => {
    const { accountCenter, hospital, clinic, doctor, patient, stranger } = await loadFixture(healthchain);
    const wallets = [hospital, doctor, clinic, patient, stranger, hospital];
    expect(await accountCenter.areActiveIn(wallets, Role.Institution)).to.equal(0b100101);
    expect(await accountCenter.areActiveIn(wallets, Role.Doctor)).to.equal(0b10);
    expect(await accountCenter.areActiveIn(wallets, Role.Patient)).to.equal(0b1000);
    expect(await accountCenter.areActiveIn(wallets, Role.Bank)).to.equal(0);
  });

  it("counts nobody as active who has no role", async () => {
    const { accountCenter, hospital, stranger } = await loadFixture(healthchain);
    expect(await accountCenter.areActiveIn([hospital, stranger, ethers.ZeroAddress], Role.None)).to.equal(0);
  });

  it("leaves out who is suspended or revoked, and takes back who is reinstated", async () => {
    const { accountCenter, registrar, hospital, clinic } = await loadFixture(healthchain);
    const registering = accountCenter.connect(registrar);
    const active = () => accountCenter.areActiveIn([hospital, clinic], Role.Institution);
    await registering.suspend(hospital, Reason.Unspecified);
    expect(await active()).to.equal(0b10);
    await registering.reinstate(hospital);
    expect(await active()).to.equal(0b11);
    await registering.revoke(clinic, Reason.Unspecified);
    expect(await active()).to.equal(0b01);
  });

  it("leaves out who has expired, from the very second on", async () => {
    const world = await loadFixture(healthchain);
    const expiresAt = (await time.latest()) + DAY;
    await enroll(world, { wallet: world.clinic.address, role: Role.Institution, expiresAt });
    const active = () => world.accountCenter.areActiveIn([world.hospital, world.clinic], Role.Institution);
    await time.increaseTo(expiresAt - 1);
    expect(await active()).to.equal(0b11);
    await time.increaseTo(expiresAt);
    expect(await active()).to.equal(0b01);
  });

  it("answers for none, for 256 wallets, and not for more", async () => {
    const { accountCenter, hospital } = await loadFixture(healthchain);
    const many = Array<string>(256).fill(hospital.address);
    expect(await accountCenter.areActiveIn([], Role.Institution)).to.equal(0);
    expect(await accountCenter.areActiveIn(many, Role.Institution)).to.equal(2n ** 256n - 1n);
    await expect(accountCenter.areActiveIn([...many, hospital.address], Role.Institution))
      .to.be.revertedWithCustomError(accountCenter, "WalletsTooMany")
      .withArgs(257);
  });

  it("agrees with the account of each wallet", async () => {
    const { accountCenter, hospital, clinic, doctor, colleague, researcher, patient, stranger } =
      await loadFixture(healthchain);
    const wallets = [hospital, clinic, doctor, colleague, researcher, patient, stranger];
    for (const role of Object.values(Role)) {
      const bits = await accountCenter.areActiveIn(wallets, role);
      for (const [index, wallet] of wallets.entries()) {
        const account = await accountCenter.accounts(wallet);
        const expected = (await accountCenter.isActive(wallet)) && Number(BigInt.asUintN(8, account)) === role;
        expect(((bits >> BigInt(index)) & 1n) === 1n).to.equal(expected);
      }
    }
  });
});
