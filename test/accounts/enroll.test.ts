import { expect } from "chai";
import { hexlify, randomBytes, Wallet } from "ethers";
import { certificateDomain, issueCertificate, type SignedCertificate } from "../../src/accounts/certificate.js";
import { unpackAccount } from "../../src/accounts/certifiedAccount.js";
import { enrollCertificate } from "../../src/accounts/enroll.js";
import { Role } from "../../src/accounts/role.js";
import { ChainError } from "../../src/chainError.js";
import { type Enrolled, enrolled, ethers, inDays, loadFixture, rejection } from "../enrolled.js";

async function certified({ chainId, accountCenter }: Enrolled, signer = 0): Promise<SignedCertificate> {
  const registrar = await ethers.provider.getSigner(signer);
  return issueCertificate(registrar, certificateDomain(chainId, await accountCenter.getAddress()), {
    wallet: Wallet.createRandom().address,
    role: Role.Patient,
    identityCommitment: hexlify(randomBytes(32)),
    expires: await inDays(30),
  });
}

describe("enrollCertificate", () => {
  it("certifies the wallet, whoever sends it", async () => {
    const world = await loadFixture(enrolled);
    const signed = await certified(world);
    const { receipt } = await enrollCertificate(world.accountCenter.connect(world.relayer), signed);
    expect(receipt.from).to.equal(await world.relayer.getAddress());
    const { wallet, expiresAt } = signed.certificate;
    const account = unpackAccount(BigInt(await world.accountCenter.accounts(wallet)));
    expect(account).to.include({ role: "Patient", status: "Active", expiresAt });
  });

  it("is refused with the contract's reason", async () => {
    const world = await loadFixture(enrolled);
    const { accountCenter } = world;
    const signed = await certified(world);
    await enrollCertificate(accountCenter, signed);
    const again = await rejection(enrollCertificate(accountCenter, signed));
    expect(again).to.be.instanceOf(ChainError).with.property("errorName", "CertificateSpent");
    const foreign = await rejection(enrollCertificate(accountCenter, await certified(world, 1)));
    expect(foreign).to.be.instanceOf(ChainError).with.property("errorName", "RegistrarUnauthorized");
  });
});
