import { expect } from "chai";
import { hexlify, randomBytes, Wallet } from "ethers";
import { certificateDomain, issueCertificate } from "../../src/accounts/certificate.js";
import { CertificateReason } from "../../src/accounts/certificateReason.js";
import {
  reinstateCertificate,
  revokeCertificate,
  suspendCertificate,
  voidCertificate,
} from "../../src/accounts/certificateStatus.js";
import { unpackAccount } from "../../src/accounts/certifiedAccount.js";
import { enrollCertificate } from "../../src/accounts/enroll.js";
import { Role } from "../../src/accounts/role.js";
import { ChainError } from "../../src/chainError.js";
import type { Mined } from "../../src/transaction.js";
import type { AccountCenter } from "../../types/ethers-contracts/index.js";
import { enrolled, ethers, inDays, loadFixture, rejection } from "../enrolled.js";

async function doctorsCertificate() {
  const { accountCenter, doctor, relayer } = await loadFixture(enrolled);
  const wallet = await doctor.getAddress();
  const status = async () => unpackAccount(BigInt(await accountCenter.accounts(wallet))).status;
  return { accountCenter, wallet, relayer, status };
}

function reasonIn(accountCenter: AccountCenter, { receipt }: Mined): number {
  const [event] = receipt.logs.map((log) => accountCenter.interface.parseLog(log));
  return Number(event?.args.reason);
}

async function refusal(run: Promise<unknown>): Promise<string> {
  const error = await rejection(run);
  expect(error).to.be.instanceOf(ChainError);
  return error instanceof ChainError ? error.errorName : "";
}

describe("the status of a certificate", () => {
  it("is suspended for a reason, and reinstated", async () => {
    const { accountCenter, wallet, status } = await doctorsCertificate();
    const suspended = await suspendCertificate(accountCenter, wallet, "CertificateHold");
    expect(reasonIn(accountCenter, suspended)).to.equal(CertificateReason.CertificateHold);
    expect(await status()).to.equal("Suspended");
    await reinstateCertificate(accountCenter, wallet);
    expect(await status()).to.equal("Active");
  });

  it("is revoked for a reason, and for good", async () => {
    const { accountCenter, wallet, status } = await doctorsCertificate();
    const revoked = await revokeCertificate(accountCenter, wallet, "KeyCompromise");
    expect(reasonIn(accountCenter, revoked)).to.equal(CertificateReason.KeyCompromise);
    expect(await status()).to.equal("Revoked");
    expect(await refusal(reinstateCertificate(accountCenter, wallet))).to.equal("AccountStatusUnchanged");
  });

  it("changes only from a status that fits", async () => {
    const { accountCenter, wallet, relayer } = await doctorsCertificate();
    expect(await refusal(reinstateCertificate(accountCenter, wallet))).to.equal("AccountStatusUnchanged");
    const nobody = await relayer.getAddress();
    expect(await refusal(suspendCertificate(accountCenter, nobody, "Unspecified"))).to.equal("AccountStatusUnchanged");
    expect(await refusal(revokeCertificate(accountCenter, nobody, "Unspecified"))).to.equal("AccountStatusUnchanged");
  });

  it("is for registrars to change", async () => {
    const { accountCenter, wallet, relayer, status } = await doctorsCertificate();
    const stranger = accountCenter.connect(relayer);
    for (const attempt of [
      () => suspendCertificate(stranger, wallet, "Unspecified"),
      () => reinstateCertificate(stranger, wallet),
      () => revokeCertificate(stranger, wallet, "Unspecified"),
      () => voidCertificate(stranger, 1n),
    ]) {
      expect(await refusal(attempt())).to.equal("AccessManagedUnauthorized");
    }
    expect(await status()).to.equal("Active");
  });
});

describe("voidCertificate", () => {
  it("makes a certificate unusable that was signed but not enrolled, once", async () => {
    const { accountCenter, chainId } = await loadFixture(enrolled);
    const registrar = await ethers.provider.getSigner(0);
    const signed = await issueCertificate(registrar, certificateDomain(chainId, await accountCenter.getAddress()), {
      wallet: Wallet.createRandom().address,
      role: Role.Patient,
      identityCommitment: hexlify(randomBytes(32)),
      expires: await inDays(30),
    });
    await voidCertificate(accountCenter, signed.certificate.serial);
    expect(await refusal(enrollCertificate(accountCenter, signed))).to.equal("CertificateSpent");
    expect(await refusal(voidCertificate(accountCenter, signed.certificate.serial))).to.equal("CertificateSpent");
  });
});
