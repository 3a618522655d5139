import { expect } from "chai";
import { id as hashOf, ZeroAddress } from "ethers";
import {
  certificateFor,
  enroll,
  ethers,
  healthchain,
  loadFixture,
  Role,
  signCertificate,
  time,
  YEAR,
} from "../fixture.js";
import { Reason, Status, unpack } from "./standing.js";

describe("AccountCenter: enroll", () => {
  describe("given a wallet without certificate", () => {
    it("certifies a patient, without a number", async () => {
      const world = await loadFixture(healthchain);
      const { accountCenter, stranger, registrar } = world;
      const certificate = await certificateFor({ wallet: stranger.address, role: Role.Patient });
      const signature = await signCertificate(world, certificate);
      await expect(accountCenter.enroll(certificate, registrar, signature))
        .to.emit(accountCenter, "AccountEnrolled")
        .withArgs(stranger.address, Role.Patient, 0, 0, certificate.expiresAt, registrar.address);
      expect(unpack(await accountCenter.accounts(stranger))).to.deep.equal({
        role: Role.Patient,
        status: Status.Active,
        institution: 0n,
        number: 0n,
        expiresAt: certificate.expiresAt,
      });
      expect(await accountCenter.commitmentOf(stranger)).to.equal(certificate.identityCommitment);
      expect(await accountCenter.isCertificateSpent(certificate.serial)).to.equal(true);
      expect(await accountCenter.isActive(stranger)).to.equal(true);
    });

    it("numbers institutions from 1", async () => {
      const world = await loadFixture(healthchain);
      const { accountCenter, stranger, hospital, clinic } = world;
      expect(await accountCenter.institutionCount()).to.equal(2n);
      expect((await accountCenter.institutionOf(1)).wallet).to.equal(hospital.address);
      expect((await accountCenter.institutionOf(2)).wallet).to.equal(clinic.address);
      const wallets = await Promise.all([0, 1, 2, 3, 65_535].map((number) => accountCenter.institutionWallet(number)));
      expect(wallets).to.deep.equal([ZeroAddress, hospital.address, clinic.address, ZeroAddress, ZeroAddress]);
      await enroll(world, { wallet: stranger.address, role: Role.Institution });
      const { institution, number } = unpack(await accountCenter.accounts(stranger));
      expect([institution, number, await accountCenter.institutionCount()]).to.deep.equal([3n, 3n, 3n]);
      expect(await accountCenter.institutionWallet(3)).to.equal(stranger.address);
    });

    it("numbers professionals from 1, whatever their role", async () => {
      const world = await loadFixture(healthchain);
      const { accountCenter, doctor, colleague, researcher, stranger } = world;
      expect(await accountCenter.professionalCount()).to.equal(3n);
      for (const [number, wallet] of [doctor, colleague, researcher].entries()) {
        expect(await accountCenter.professionalWallet(number + 1)).to.equal(wallet.address);
      }
      await enroll(world, { wallet: stranger.address, role: Role.Bank });
      expect(unpack(await accountCenter.accounts(stranger)).number).to.equal(4n);
    });

    for (const role of [Role.Doctor, Role.Researcher, Role.Company, Role.Auditor, Role.Insurer, Role.Bank]) {
      it(`certifies role ${role} at an institution`, async () => {
        const world = await loadFixture(healthchain);
        await enroll(world, { wallet: world.stranger.address, role, institution: 2 });
        const account = unpack(await world.accountCenter.accounts(world.stranger));
        expect([account.role, account.institution]).to.deep.equal([role, 2n]);
      });
    }

    it("can be sent by anyone", async () => {
      const world = await loadFixture(healthchain);
      const { accountCenter, stranger, patient, registrar } = world;
      const certificate = await certificateFor({ wallet: stranger.address, role: Role.Patient });
      const signature = await signCertificate(world, certificate);
      await accountCenter.connect(patient).enroll(certificate, registrar, signature);
      expect(await accountCenter.isActive(stranger)).to.equal(true);
    });
  });

  describe("given an active or expired certificate", () => {
    it("renews it and keeps the number", async () => {
      const world = await loadFixture(healthchain);
      const { accountCenter, doctor } = world;
      const expiresAt = (await time.latest()) + 2 * YEAR;
      const identityCommitment = hashOf("new salt");
      await enroll(world, {
        wallet: doctor.address,
        role: Role.Doctor,
        institution: 2,
        expiresAt,
        identityCommitment,
      });
      expect(unpack(await accountCenter.accounts(doctor))).to.deep.equal({
        role: Role.Doctor,
        status: Status.Active,
        institution: 2n,
        number: 1n,
        expiresAt,
      });
      expect(await accountCenter.commitmentOf(doctor)).to.equal(identityCommitment);
      expect(await accountCenter.professionalCount()).to.equal(3n);
    });

    it("renews an institution under its own number", async () => {
      const world = await loadFixture(healthchain);
      await time.increase(2 * YEAR);
      expect(await world.accountCenter.isActive(world.clinic)).to.equal(false);
      await enroll(world, { wallet: world.clinic.address, role: Role.Institution });
      expect(unpack(await world.accountCenter.accounts(world.clinic)).institution).to.equal(2n);
      expect(await world.accountCenter.isActive(world.clinic)).to.equal(true);
    });

    it("refuses another role once the certificate has ended, too", async () => {
      const world = await loadFixture(healthchain);
      await time.increase(2 * YEAR);
      await expect(enroll(world, { wallet: world.patient.address, role: Role.Researcher }))
        .to.be.revertedWithCustomError(world.accountCenter, "AccountRoleFixed")
        .withArgs(world.patient.address, Role.Patient);
    });

    it("refuses another role", async () => {
      const world = await loadFixture(healthchain);
      await expect(enroll(world, { wallet: world.doctor.address, role: Role.Patient }))
        .to.be.revertedWithCustomError(world.accountCenter, "AccountRoleFixed")
        .withArgs(world.doctor.address, Role.Doctor);
    });
  });

  it("lifts no suspension", async () => {
    const world = await loadFixture(healthchain);
    const { accountCenter, registrar, patient } = world;
    await accountCenter.connect(registrar).suspend(patient, Reason.KeyCompromise);
    await expect(enroll(world, { wallet: patient.address, role: Role.Patient }))
      .to.be.revertedWithCustomError(accountCenter, "AccountSuspended")
      .withArgs(patient.address);
  });

  it("lifts no revocation", async () => {
    const world = await loadFixture(healthchain);
    const { accountCenter, registrar, patient } = world;
    await accountCenter.connect(registrar).revoke(patient, Reason.KeyCompromise);
    await expect(enroll(world, { wallet: patient.address, role: Role.Patient }))
      .to.be.revertedWithCustomError(accountCenter, "AccountRevoked")
      .withArgs(patient.address);
  });

  describe("given a certificate that does not fit together", () => {
    const invalid: Record<string, { wallet?: string; role: number; institution?: number }> = {
      "no wallet": { wallet: ZeroAddress, role: Role.Patient },
      "no role": { role: Role.None },
      "a patient of an institution": { role: Role.Patient, institution: 1 },
      "an institution of an institution": { role: Role.Institution, institution: 1 },
      "a doctor without institution": { role: Role.Doctor, institution: 0 },
    };
    for (const [name, fields] of Object.entries(invalid)) {
      it(`refuses ${name}`, async () => {
        const world = await loadFixture(healthchain);
        const certificate = { wallet: world.stranger.address, institution: 0, ...fields };
        await expect(enroll(world, certificate))
          .to.be.revertedWithCustomError(world.accountCenter, "CertificateInvalid")
          .withArgs(certificate.wallet, certificate.role, certificate.institution);
      });
    }

    it("refuses an institution that does not exist", async () => {
      const world = await loadFixture(healthchain);
      await expect(enroll(world, { wallet: world.stranger.address, role: Role.Doctor, institution: 3 }))
        .to.be.revertedWithCustomError(world.accountCenter, "InstitutionUnknown")
        .withArgs(3);
    });

    it("refuses an institution that is not active", async () => {
      const world = await loadFixture(healthchain);
      const { accountCenter, registrar, clinic, colleague } = world;
      const atClinic = { wallet: world.stranger.address, role: Role.Doctor, institution: 2 };
      await accountCenter.connect(registrar).suspend(clinic, Reason.Unspecified);
      await expect(enroll(world, atClinic))
        .to.be.revertedWithCustomError(accountCenter, "AccountSuspended")
        .withArgs(clinic.address);
      await accountCenter.connect(registrar).revoke(clinic, Reason.Unspecified);
      await expect(enroll(world, atClinic))
        .to.be.revertedWithCustomError(accountCenter, "AccountRevoked")
        .withArgs(clinic.address);
      expect(await accountCenter.isActive(colleague)).to.equal(true);
    });

    it("takes an institution again once it is reinstated", async () => {
      const world = await loadFixture(healthchain);
      const { accountCenter, registrar, clinic, stranger } = world;
      await accountCenter.connect(registrar).suspend(clinic, Reason.Unspecified);
      await accountCenter.connect(registrar).reinstate(clinic);
      await enroll(world, { wallet: stranger.address, role: Role.Doctor, institution: 2 });
      expect(await accountCenter.isActive(stranger)).to.equal(true);
    });

    it("lets the people of an institution that is not active move to one that is, and not stay", async () => {
      const world = await loadFixture(healthchain);
      const { accountCenter, registrar, clinic, colleague } = world;
      await accountCenter.connect(registrar).revoke(clinic, Reason.Unspecified);
      await expect(enroll(world, { wallet: colleague.address, role: Role.Doctor, institution: 2 }))
        .to.be.revertedWithCustomError(accountCenter, "AccountRevoked")
        .withArgs(clinic.address);
      await enroll(world, { wallet: colleague.address, role: Role.Doctor, institution: 1 });
      expect(unpack(await accountCenter.accounts(colleague)).institution).to.equal(1n);
    });

    it("refuses an institution whose certificate has ended", async () => {
      const world = await loadFixture(healthchain);
      const { accountCenter, hospital, doctor } = world;
      const { expiresAt } = unpack(await accountCenter.accounts(hospital));
      await time.setNextBlockTimestamp(expiresAt);
      const renewal = { wallet: doctor.address, role: Role.Doctor, institution: 1, expiresAt: expiresAt + YEAR };
      await expect(enroll(world, renewal))
        .to.be.revertedWithCustomError(accountCenter, "AccountExpired")
        .withArgs(hospital.address, expiresAt);
    });

    it("refuses a role that does not exist", async () => {
      const world = await loadFixture(healthchain);
      await expect(enroll(world, { wallet: world.stranger.address, role: 9 })).to.revert(ethers);
    });
  });

  describe("given an end", () => {
    async function endingAt(expiresAt: number) {
      const world = await loadFixture(healthchain);
      const certificate = await certificateFor({ wallet: world.stranger.address, role: Role.Patient, expiresAt });
      const signature = await signCertificate(world, certificate);
      return { world, send: () => world.accountCenter.enroll(certificate, world.registrar, signature) };
    }

    it("refuses one that is now", async () => {
      await loadFixture(healthchain);
      const now = (await time.latest()) + 10;
      const { world, send } = await endingAt(now);
      await time.setNextBlockTimestamp(now);
      await expect(send()).to.be.revertedWithCustomError(world.accountCenter, "CertificateExpiryInvalid").withArgs(now);
    });

    it("takes one that is a second from now, and ends at that second", async () => {
      await loadFixture(healthchain);
      const now = (await time.latest()) + 10;
      const { world, send } = await endingAt(now + 1);
      await time.setNextBlockTimestamp(now);
      await send();
      expect(await world.accountCenter.isActive(world.stranger)).to.equal(true);
      await time.increaseTo(now + 1);
      expect(await world.accountCenter.isActive(world.stranger)).to.equal(false);
    });

    it("takes the last that fits, and refuses the next", async () => {
      const last = 2 ** 40 - 1;
      const { world, send } = await endingAt(last);
      await send();
      expect(unpack(await world.accountCenter.accounts(world.stranger)).expiresAt).to.equal(last);
      const next = await endingAt(last + 1);
      await expect(next.send())
        .to.be.revertedWithCustomError(next.world.accountCenter, "CertificateExpiryInvalid")
        .withArgs(last + 1);
    });
  });

  describe("given a spent serial", () => {
    it("refuses the same certificate again", async () => {
      const world = await loadFixture(healthchain);
      const { accountCenter, registrar, stranger } = world;
      const certificate = await certificateFor({ wallet: stranger.address, role: Role.Patient });
      const signature = await signCertificate(world, certificate);
      await accountCenter.enroll(certificate, registrar, signature);
      await expect(accountCenter.enroll(certificate, registrar, signature))
        .to.be.revertedWithCustomError(accountCenter, "CertificateSpent")
        .withArgs(certificate.serial);
    });

    it("refuses a certificate that was voided", async () => {
      const world = await loadFixture(healthchain);
      const { accountCenter, registrar, stranger } = world;
      const certificate = await certificateFor({ wallet: stranger.address, role: Role.Patient });
      await accountCenter.connect(registrar).voidCertificate(certificate.serial);
      await expect(accountCenter.enroll(certificate, registrar, await signCertificate(world, certificate)))
        .to.be.revertedWithCustomError(accountCenter, "CertificateSpent")
        .withArgs(certificate.serial);
    });
  });
});
