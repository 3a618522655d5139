import { expect } from "chai";
import { id as hashOf, ZeroAddress, ZeroHash } from "ethers";
import {
  type Actor,
  type Certificate,
  certificateFor,
  enroll,
  ethers,
  fresh,
  healthchain,
  loadFixture,
  Role,
  signCertificate,
  time,
  type World,
  YEAR,
} from "../fixture.js";
import { domainOf, sign } from "../signatures.js";

const Reason = { Unspecified: 0, KeyCompromise: 1, PrivilegeWithdrawn: 7 } as const;
const Status = { None: 0n, Active: 1n, Suspended: 2n, Revoked: 3n } as const;

/** Field by field, from the layout that the interface draws. */
function unpack(account: bigint) {
  return {
    role: Number(account & 0xffn),
    status: (account >> 8n) & 0xffn,
    institution: (account >> 16n) & 0xffffn,
    number: (account >> 32n) & 0xffffffn,
    expiresAt: Number(account >> 56n),
  };
}

const statusOf = async (world: World, wallet: Actor) => unpack(await world.accountCenter.accounts(wallet)).status;

describe("AccountCenter", () => {
  it("publishes the domain of its certificates (ERC-5267)", async () => {
    const { accountCenter } = await loadFixture(healthchain);
    const { name, version, chainId, verifyingContract } = await accountCenter.eip712Domain();
    expect({ name, version, chainId, verifyingContract }).to.deep.equal(
      domainOf("Healthchain AccountCenter", await accountCenter.getAddress()),
    );
  });

  describe("enroll", () => {
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
        await enroll(world, { wallet: stranger.address, role: Role.Institution });
        const { institution, number } = unpack(await accountCenter.accounts(stranger));
        expect([institution, number, await accountCenter.institutionCount()]).to.deep.equal([3n, 3n, 3n]);
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
        await expect(send())
          .to.be.revertedWithCustomError(world.accountCenter, "CertificateExpiryInvalid")
          .withArgs(now);
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

  describe("suspend, reinstate, revoke", () => {
    it("suspends an active certificate and reinstates it", async () => {
      const world = await loadFixture(healthchain);
      const { accountCenter, registrar, doctor } = world;
      const before = await accountCenter.accounts(doctor);
      await expect(accountCenter.connect(registrar).suspend(doctor, Reason.PrivilegeWithdrawn))
        .to.emit(accountCenter, "CertificateSuspended")
        .withArgs(doctor.address, Reason.PrivilegeWithdrawn);
      expect(await statusOf(world, doctor)).to.equal(Status.Suspended);
      expect(await accountCenter.isActive(doctor)).to.equal(false);
      await expect(accountCenter.connect(registrar).reinstate(doctor))
        .to.emit(accountCenter, "CertificateReinstated")
        .withArgs(doctor.address);
      expect(await accountCenter.accounts(doctor)).to.equal(before);
    });

    it("revokes an active certificate for good", async () => {
      const world = await loadFixture(healthchain);
      const { accountCenter, registrar, doctor } = world;
      await expect(accountCenter.connect(registrar).revoke(doctor, Reason.KeyCompromise))
        .to.emit(accountCenter, "CertificateRevoked")
        .withArgs(doctor.address, Reason.KeyCompromise);
      expect(await statusOf(world, doctor)).to.equal(Status.Revoked);
      expect(await accountCenter.isActive(doctor)).to.equal(false);
    });

    it("revokes a suspended certificate", async () => {
      const world = await loadFixture(healthchain);
      await world.accountCenter.connect(world.registrar).suspend(world.doctor, Reason.Unspecified);
      await world.accountCenter.connect(world.registrar).revoke(world.doctor, Reason.Unspecified);
      expect(await statusOf(world, world.doctor)).to.equal(Status.Revoked);
    });

    const actions = {
      suspend: (world: World, wallet: Actor) =>
        world.accountCenter.connect(world.registrar).suspend(wallet, Reason.Unspecified),
      reinstate: (world: World, wallet: Actor) => world.accountCenter.connect(world.registrar).reinstate(wallet),
      revoke: (world: World, wallet: Actor) =>
        world.accountCenter.connect(world.registrar).revoke(wallet, Reason.Unspecified),
    };
    const refused = [
      { given: "no certificate", prepare: [], actions: ["suspend", "reinstate", "revoke"], certified: false },
      { given: "an active certificate", prepare: [], actions: ["reinstate"], certified: true },
      { given: "a suspended certificate", prepare: ["suspend"], actions: ["suspend"], certified: true },
      {
        given: "a revoked certificate",
        prepare: ["revoke"],
        actions: ["suspend", "reinstate", "revoke"],
        certified: true,
      },
    ] as const;
    for (const { given, prepare, actions: names, certified } of refused) {
      for (const name of names) {
        it(`given ${given}, refuses to ${name}`, async () => {
          const world = await loadFixture(healthchain);
          const wallet = certified ? world.doctor : world.stranger;
          for (const step of prepare) await actions[step](world, wallet);
          await expect(actions[name](world, wallet))
            .to.be.revertedWithCustomError(world.accountCenter, "AccountStatusUnchanged")
            .withArgs(wallet.address);
        });
      }
    }

    it("refuse who is no registrar", async () => {
      const world = await loadFixture(healthchain);
      const { accountCenter, operator, doctor } = world;
      const center = accountCenter.connect(operator);
      for (const call of [
        () => center.suspend(doctor, Reason.Unspecified),
        () => center.reinstate(doctor),
        () => center.revoke(doctor, Reason.Unspecified),
        () => center.voidCertificate(1n),
      ]) {
        await expect(call())
          .to.be.revertedWithCustomError(accountCenter, "AccessManagedUnauthorized")
          .withArgs(operator.address);
      }
    });
  });

  describe("voidCertificate", () => {
    it("spends a serial, once", async () => {
      const { accountCenter, registrar } = await loadFixture(healthchain);
      const serial = fresh();
      await expect(accountCenter.connect(registrar).voidCertificate(serial))
        .to.emit(accountCenter, "CertificateVoided")
        .withArgs(serial);
      expect(await accountCenter.isCertificateSpent(serial)).to.equal(true);
      await expect(accountCenter.connect(registrar).voidCertificate(serial))
        .to.be.revertedWithCustomError(accountCenter, "CertificateSpent")
        .withArgs(serial);
    });
  });

  describe("publishInstitution", () => {
    it("publishes where an institution is found, and again when it moves", async () => {
      const { accountCenter, clinic } = await loadFixture(healthchain);
      await accountCenter.connect(clinic).publishInstitution("https://old.example/fhir", "0x");
      await expect(accountCenter.connect(clinic).publishInstitution("https://clinic.example/fhir", "0xabcd"))
        .to.emit(accountCenter, "InstitutionPublished")
        .withArgs(2, "https://clinic.example/fhir", "0xabcd");
      expect(await accountCenter.institutionOf(2)).to.deep.equal([
        clinic.address,
        "https://clinic.example/fhir",
        "0xabcd",
      ]);
    });

    it("takes 256 bytes of address and 2,048 of key, and not one more", async () => {
      const { accountCenter, clinic } = await loadFixture(healthchain);
      const publish = (url: number, key: number) =>
        accountCenter.connect(clinic).publishInstitution("u".repeat(url), `0x${"00".repeat(key)}`);
      await publish(256, 2048);
      for (const [url, key] of [
        [0, 32],
        [257, 32],
        [20, 2049],
      ] as const) {
        await expect(publish(url, key))
          .to.be.revertedWithCustomError(accountCenter, "InstitutionEntryInvalid")
          .withArgs(url, key);
      }
    });

    it("refuses who is no active institution, and says why", async () => {
      const world = await loadFixture(healthchain);
      const { accountCenter, registrar, stranger, doctor, hospital, clinic } = world;
      const publish = (caller: Actor) => accountCenter.connect(caller).publishInstitution("https://x.example", "0x");
      await expect(publish(stranger))
        .to.be.revertedWithCustomError(accountCenter, "AccountNotCertified")
        .withArgs(stranger.address);
      await expect(publish(doctor))
        .to.be.revertedWithCustomError(accountCenter, "AccountRoleMismatch")
        .withArgs(doctor.address, Role.Doctor, Role.Institution);
      await accountCenter.connect(registrar).suspend(hospital, Reason.Unspecified);
      await expect(publish(hospital))
        .to.be.revertedWithCustomError(accountCenter, "AccountSuspended")
        .withArgs(hospital.address);
      await accountCenter.connect(registrar).revoke(hospital, Reason.Unspecified);
      await expect(publish(hospital))
        .to.be.revertedWithCustomError(accountCenter, "AccountRevoked")
        .withArgs(hospital.address);
      const { expiresAt } = unpack(await accountCenter.accounts(clinic));
      await time.setNextBlockTimestamp(expiresAt);
      await expect(publish(clinic))
        .to.be.revertedWithCustomError(accountCenter, "AccountExpired")
        .withArgs(clinic.address, expiresAt);
    });
  });
});
