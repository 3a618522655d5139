import { expect } from "chai";
import { Signature, ZeroAddress } from "ethers";
import { healthchain, loadFixture, time } from "../fixture.js";
import { domainOf, sign } from "../signatures.js";

const CAP = 1_000_000n;

describe("MedicalCoin", () => {
  it("is an ERC-20 with 18 decimals, a lifetime cap and no coin", async () => {
    const { medicalCoin } = await loadFixture(healthchain);
    expect(await medicalCoin.name()).to.equal("Healthchain Medical Coin");
    expect(await medicalCoin.symbol()).to.equal("HMC");
    expect(await medicalCoin.decimals()).to.equal(18n);
    expect(await medicalCoin.emissionCap()).to.equal(CAP);
    expect(await medicalCoin.totalSupply()).to.equal(0n);
  });

  it("publishes the domain of its permits (ERC-5267)", async () => {
    const { medicalCoin } = await loadFixture(healthchain);
    const { name, version, verifyingContract } = await medicalCoin.eip712Domain();
    expect([name, version, verifyingContract]).to.deep.equal([
      "Healthchain Medical Coin",
      "1",
      await medicalCoin.getAddress(),
    ]);
  });

  describe("allotEmission", () => {
    it("allots a quota", async () => {
      const { medicalCoin, operator, hospital } = await loadFixture(healthchain);
      await expect(medicalCoin.connect(operator).allotEmission(hospital.address, 600n))
        .to.emit(medicalCoin, "EmissionAllotted")
        .withArgs(hospital.address, 600n);
      expect(await medicalCoin.emissionOf(hospital.address)).to.deep.equal([600n, 0n]);
      expect(await medicalCoin.emissionAllotted()).to.equal(600n);
    });

    it("refuses a stranger", async () => {
      const { medicalCoin, stranger } = await loadFixture(healthchain);
      await expect(medicalCoin.connect(stranger).allotEmission(stranger.address, 1n))
        .to.be.revertedWithCustomError(medicalCoin, "AccessManagedUnauthorized")
        .withArgs(stranger.address);
    });

    it("refuses a second quota for the same emitter", async () => {
      const { medicalCoin, operator, hospital } = await loadFixture(healthchain);
      await medicalCoin.connect(operator).allotEmission(hospital.address, 1n);
      await expect(medicalCoin.connect(operator).allotEmission(hospital.address, 1n))
        .to.be.revertedWithCustomError(medicalCoin, "EmissionAlreadyAllotted")
        .withArgs(hospital.address);
    });

    it("refuses a quota of zero", async () => {
      const { medicalCoin, operator, hospital } = await loadFixture(healthchain);
      await expect(medicalCoin.connect(operator).allotEmission(hospital.address, 0n))
        .to.be.revertedWithCustomError(medicalCoin, "EmissionInvalid")
        .withArgs(hospital.address, 0n);
    });

    it("refuses the zero address", async () => {
      const { medicalCoin, operator } = await loadFixture(healthchain);
      await expect(medicalCoin.connect(operator).allotEmission(ZeroAddress, 5n))
        .to.be.revertedWithCustomError(medicalCoin, "EmissionInvalid")
        .withArgs(ZeroAddress, 5n);
    });

    it("gives out the cap to the last wei, and not one more", async () => {
      const { medicalCoin, operator, hospital, clinic } = await loadFixture(healthchain);
      await medicalCoin.connect(operator).allotEmission(hospital.address, CAP - 10n);
      await expect(medicalCoin.connect(operator).allotEmission(clinic.address, 11n))
        .to.be.revertedWithCustomError(medicalCoin, "EmissionCapExceeded")
        .withArgs(11n, 10n);
      await medicalCoin.connect(operator).allotEmission(clinic.address, 10n);
      expect(await medicalCoin.emissionAllotted()).to.equal(CAP);
    });

    it("refuses a quota beyond any cap", async () => {
      const { medicalCoin, operator, hospital } = await loadFixture(healthchain);
      await expect(medicalCoin.connect(operator).allotEmission(hospital.address, 1n << 128n))
        .to.be.revertedWithCustomError(medicalCoin, "EmissionCapExceeded")
        .withArgs(1n << 128n, CAP);
    });
  });

  async function withQuota() {
    const world = await healthchain();
    await world.medicalCoin.connect(world.operator).allotEmission(world.hospital.address, 100n);
    return world;
  }

  describe("endEmission", () => {
    it("frees what was not minted, and keeps what was", async () => {
      const { medicalCoin, operator, hospital, patient } = await loadFixture(withQuota);
      await medicalCoin.connect(hospital).mint(patient.address, 30n);
      await expect(medicalCoin.connect(operator).endEmission(hospital.address))
        .to.emit(medicalCoin, "EmissionEnded")
        .withArgs(hospital.address, 70n);
      expect(await medicalCoin.emissionOf(hospital.address)).to.deep.equal([30n, 30n]);
      expect(await medicalCoin.emissionAllotted()).to.equal(30n);
      expect(await medicalCoin.totalSupply()).to.equal(30n);
    });

    it("lets the emitter mint no more", async () => {
      const { medicalCoin, operator, hospital, patient } = await loadFixture(withQuota);
      await medicalCoin.connect(hospital).mint(patient.address, 30n);
      await medicalCoin.connect(operator).endEmission(hospital.address);
      await expect(medicalCoin.connect(hospital).mint(patient.address, 1n))
        .to.be.revertedWithCustomError(medicalCoin, "EmissionQuotaExceeded")
        .withArgs(hospital.address, 1n, 0n);
      await expect(medicalCoin.connect(operator).allotEmission(hospital.address, 1n))
        .to.be.revertedWithCustomError(medicalCoin, "EmissionAlreadyAllotted")
        .withArgs(hospital.address);
    });

    it("lets an emitter that minted nothing have a quota again", async () => {
      const { medicalCoin, operator, hospital, patient } = await loadFixture(withQuota);
      await medicalCoin.connect(operator).endEmission(hospital.address);
      await medicalCoin.connect(operator).allotEmission(hospital.address, 40n);
      await medicalCoin.connect(hospital).mint(patient.address, 40n);
      expect(await medicalCoin.emissionOf(hospital.address)).to.deep.equal([40n, 40n]);
      expect(await medicalCoin.emissionAllotted()).to.equal(40n);
    });

    it("lets another emitter have what is free again", async () => {
      const { medicalCoin, operator, hospital, clinic } = await loadFixture(withQuota);
      await medicalCoin.connect(operator).endEmission(hospital.address);
      await medicalCoin.connect(operator).allotEmission(clinic.address, CAP);
      expect(await medicalCoin.emissionAllotted()).to.equal(CAP);
    });

    it("refuses an emitter that has nothing left", async () => {
      const { medicalCoin, operator, hospital, clinic } = await loadFixture(withQuota);
      await medicalCoin.connect(operator).endEmission(hospital.address);
      for (const emitter of [hospital.address, clinic.address]) {
        await expect(medicalCoin.connect(operator).endEmission(emitter))
          .to.be.revertedWithCustomError(medicalCoin, "EmissionInvalid")
          .withArgs(emitter, 0n);
      }
    });

    it("refuses a stranger", async () => {
      const { medicalCoin, hospital, stranger } = await loadFixture(withQuota);
      await expect(medicalCoin.connect(stranger).endEmission(hospital.address))
        .to.be.revertedWithCustomError(medicalCoin, "AccessManagedUnauthorized")
        .withArgs(stranger.address);
    });
  });

  describe("mint", () => {
    it("mints out of the quota, to the last wei", async () => {
      const { medicalCoin, hospital, patient } = await loadFixture(withQuota);
      await expect(medicalCoin.connect(hospital).mint(patient.address, 60n))
        .to.emit(medicalCoin, "Transfer")
        .withArgs(ZeroAddress, patient.address, 60n);
      await medicalCoin.connect(hospital).mint(patient.address, 40n);
      expect(await medicalCoin.balanceOf(patient.address)).to.equal(100n);
      expect(await medicalCoin.totalSupply()).to.equal(100n);
      expect(await medicalCoin.emissionOf(hospital.address)).to.deep.equal([100n, 100n]);
    });

    it("refuses more than is left", async () => {
      const { medicalCoin, hospital, patient } = await loadFixture(withQuota);
      await medicalCoin.connect(hospital).mint(patient.address, 60n);
      await expect(medicalCoin.connect(hospital).mint(patient.address, 41n))
        .to.be.revertedWithCustomError(medicalCoin, "EmissionQuotaExceeded")
        .withArgs(hospital.address, 41n, 40n);
    });

    it("refuses who has no quota", async () => {
      const { medicalCoin, operator, patient } = await loadFixture(withQuota);
      await expect(medicalCoin.connect(operator).mint(patient.address, 1n))
        .to.be.revertedWithCustomError(medicalCoin, "EmissionQuotaExceeded")
        .withArgs(operator.address, 1n, 0n);
    });

    it("allows zero", async () => {
      const { medicalCoin, hospital, patient } = await loadFixture(withQuota);
      await medicalCoin.connect(hospital).mint(patient.address, 0n);
      expect(await medicalCoin.totalSupply()).to.equal(0n);
    });

    it("refuses the zero address, and uses no quota", async () => {
      const { medicalCoin, hospital } = await loadFixture(withQuota);
      await expect(medicalCoin.connect(hospital).mint(ZeroAddress, 1n))
        .to.be.revertedWithCustomError(medicalCoin, "ERC20InvalidReceiver")
        .withArgs(ZeroAddress);
      expect(await medicalCoin.emissionOf(hospital.address)).to.deep.equal([100n, 0n]);
    });

    it("gives no quota back when coin burns", async () => {
      const { medicalCoin, hospital, patient } = await loadFixture(withQuota);
      await medicalCoin.connect(hospital).mint(patient.address, 100n);
      await medicalCoin.connect(patient).burn(100n);
      expect(await medicalCoin.totalSupply()).to.equal(0n);
      await expect(medicalCoin.connect(hospital).mint(patient.address, 1n))
        .to.be.revertedWithCustomError(medicalCoin, "EmissionQuotaExceeded")
        .withArgs(hospital.address, 1n, 0n);
    });
  });

  describe("permit", () => {
    async function signedPermit(deadlineFromNow: number) {
      const world = await healthchain();
      const { medicalCoin, patient, stranger } = world;
      const deadline = (await time.latest()) + deadlineFromNow;
      const domain = domainOf("Healthchain Medical Coin", await medicalCoin.getAddress());
      const message = { owner: patient.address, spender: stranger.address, value: 7n, nonce: 0n, deadline };
      const { v, r, s } = Signature.from(await sign(patient, domain, "Permit", message));
      const send = () => medicalCoin.permit(patient.address, stranger.address, 7n, deadline, v, r, s);
      return { ...world, deadline, send };
    }

    async function permitted() {
      return signedPermit(100);
    }

    it("sets the allowance by signature, once", async () => {
      const { medicalCoin, patient, stranger, send } = await loadFixture(permitted);
      await send();
      expect(await medicalCoin.allowance(patient.address, stranger.address)).to.equal(7n);
      expect(await medicalCoin.nonces(patient.address)).to.equal(1n);
      await expect(send()).to.be.revertedWithCustomError(medicalCoin, "ERC2612InvalidSigner");
    });

    it("holds at its deadline and not a second later", async () => {
      const { medicalCoin, deadline, send } = await loadFixture(permitted);
      await time.setNextBlockTimestamp(deadline + 1);
      await expect(send()).to.be.revertedWithCustomError(medicalCoin, "ERC2612ExpiredSignature").withArgs(deadline);
      const again = await loadFixture(permitted);
      await time.setNextBlockTimestamp(again.deadline);
      await again.send();
    });
  });
});
