import { expect } from "chai";
import { type Actor, enroll, fresh, healthchain, loadFixture, Role, time, type World, YEAR } from "../fixture.js";
import { domainOf } from "../signatures.js";
import { Reason, Status, statusOf, unpack } from "./standing.js";

describe("AccountCenter", () => {
  it("publishes the domain of its certificates (ERC-5267)", async () => {
    const { accountCenter } = await loadFixture(healthchain);
    const { name, version, chainId, verifyingContract } = await accountCenter.eip712Domain();
    expect({ name, version, chainId, verifyingContract }).to.deep.equal(
      domainOf("Healthchain AccountCenter", await accountCenter.getAddress()),
    );
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

    it("suspends and reinstates a certificate that has ended, and makes it no longer", async () => {
      const world = await loadFixture(healthchain);
      const { accountCenter, registrar, patient } = world;
      await time.increase(2 * YEAR);
      await accountCenter.connect(registrar).suspend(patient, Reason.KeyCompromise);
      await expect(enroll(world, { wallet: patient.address, role: Role.Patient }))
        .to.be.revertedWithCustomError(accountCenter, "AccountSuspended")
        .withArgs(patient.address);
      await accountCenter.connect(registrar).reinstate(patient);
      expect(await accountCenter.isActive(patient)).to.equal(false);
      await enroll(world, { wallet: patient.address, role: Role.Patient });
      expect(await accountCenter.isActive(patient)).to.equal(true);
    });

    it("revokes a certificate that has ended, so that none renews it", async () => {
      const world = await loadFixture(healthchain);
      const { accountCenter, registrar, patient } = world;
      await time.increase(2 * YEAR);
      await accountCenter.connect(registrar).revoke(patient, Reason.KeyCompromise);
      await expect(enroll(world, { wallet: patient.address, role: Role.Patient }))
        .to.be.revertedWithCustomError(accountCenter, "AccountRevoked")
        .withArgs(patient.address);
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
