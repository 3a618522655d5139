import { expect } from "chai";
import { ZeroHash } from "ethers";
import {
  type Actor,
  type Certificate,
  certificateFor,
  healthchain,
  loadFixture,
  Role,
  signCertificate,
  type World,
} from "../fixture.js";
import { domainOf, sign } from "../signatures.js";

describe("AccountCenter: enroll", () => {
  describe("given a signature", () => {
    async function signedBy(signer: (world: World) => Actor, change: Partial<Certificate> = {}) {
      const world = await loadFixture(healthchain);
      const certificate = await certificateFor({ wallet: world.stranger.address, role: Role.Patient });
      const signature = await signCertificate(world, certificate, signer(world));
      return { world, certificate: { ...certificate, ...change }, signature };
    }

    it("refuses a signer who is no registrar", async () => {
      const { world, certificate, signature } = await signedBy((w) => w.operator);
      await expect(world.accountCenter.enroll(certificate, world.operator, signature))
        .to.be.revertedWithCustomError(world.accountCenter, "RegistrarUnauthorized")
        .withArgs(world.operator.address);
    });

    it("refuses a registrar's name under another's signature", async () => {
      const { world, certificate, signature } = await signedBy((w) => w.operator);
      await expect(world.accountCenter.enroll(certificate, world.registrar, signature))
        .to.be.revertedWithCustomError(world.accountCenter, "CertificateSignatureInvalid")
        .withArgs(world.registrar.address);
    });

    const changes: Record<string, Partial<Certificate>> = {
      wallet: { wallet: "0x00000000000000000000000000000000000000AA" },
      role: { role: Role.Researcher },
      identityCommitment: { identityCommitment: ZeroHash },
      expiresAt: { expiresAt: 2 ** 39 },
      serial: { serial: 1n },
    };
    for (const [field, change] of Object.entries(changes)) {
      it(`covers the certificate's ${field}`, async () => {
        const { world, certificate, signature } = await signedBy((w) => w.registrar, change);
        await expect(world.accountCenter.enroll(certificate, world.registrar, signature))
          .to.be.revertedWithCustomError(world.accountCenter, "CertificateSignatureInvalid")
          .withArgs(world.registrar.address);
      });
    }

    it("covers the certificate's institution", async () => {
      const world = await loadFixture(healthchain);
      const certificate = await certificateFor({ wallet: world.stranger.address, role: Role.Doctor, institution: 1 });
      const signature = await signCertificate(world, certificate);
      await expect(world.accountCenter.enroll({ ...certificate, institution: 2 }, world.registrar, signature))
        .to.be.revertedWithCustomError(world.accountCenter, "CertificateSignatureInvalid")
        .withArgs(world.registrar.address);
    });

    it("refuses one for another chain or another contract", async () => {
      const world = await loadFixture(healthchain);
      const certificate = await certificateFor({ wallet: world.stranger.address, role: Role.Patient });
      const here = await world.accountCenter.getAddress();
      const elsewhere = await world.recordRegistry.getAddress();
      for (const domain of [
        domainOf("Healthchain AccountCenter", here, 1n),
        domainOf("Healthchain AccountCenter", elsewhere),
        domainOf("Healthchain RecordRegistry", here),
      ]) {
        const signature = await sign(world.registrar, domain, "Certificate", certificate);
        await expect(world.accountCenter.enroll(certificate, world.registrar, signature))
          .to.be.revertedWithCustomError(world.accountCenter, "CertificateSignatureInvalid")
          .withArgs(world.registrar.address);
      }
    });

    it("refuses a registrar who lost the role", async () => {
      const { world, certificate, signature } = await signedBy((w) => w.registrar);
      await world.consortium.connect(world.administrator).revokeRole(1n, world.registrar);
      await expect(world.accountCenter.enroll(certificate, world.registrar, signature))
        .to.be.revertedWithCustomError(world.accountCenter, "RegistrarUnauthorized")
        .withArgs(world.registrar.address);
    });

    it("refuses a registrar who may act only after a delay", async () => {
      const { world, certificate, signature } = await signedBy((w) => w.stranger);
      await world.consortium.connect(world.administrator).grantRole(1n, world.stranger, 60);
      await expect(world.accountCenter.enroll(certificate, world.stranger, signature))
        .to.be.revertedWithCustomError(world.accountCenter, "RegistrarUnauthorized")
        .withArgs(world.stranger.address);
    });

    it("takes a registrar that is a contract (ERC-1271)", async () => {
      const { world, certificate, signature } = await signedBy((w) => w.keeper);
      await world.consortium.connect(world.administrator).grantRole(1n, world.smartWallet, 0);
      await world.accountCenter.enroll(certificate, world.smartWallet, signature);
      expect(await world.accountCenter.isActive(world.stranger)).to.equal(true);
    });
  });
});
