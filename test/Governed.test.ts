import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { deployHealthchain } from "../ignition/deploy.js";
import type { Governed } from "../types/ethers-contracts/index.js";
import { connection, DAY, healthchain, loadFixture, time, type World } from "./fixture.js";

const governed: Record<string, (world: World) => Governed> = {
  AccountCenter: (world) => world.accountCenter,
  MedicalCoin: (world) => world.medicalCoin,
  RecordRegistry: (world) => world.recordRegistry,
  ConsentRegistry: (world) => world.consentRegistry,
  ValidatorRegistry: (world) => world.validatorRegistry,
  BlockCertifier: (world) => world.blockCertifier,
  DatasetRegistry: (world) => world.datasetRegistry,
  DataMarket: (world) => world.dataMarket,
  MarketClearing: (world) => world.marketClearing,
};

for (const [name, contractOf] of Object.entries(governed)) {
  describe(`Governed: ${name}`, () => {
    it("is under the consortium, and has no successor", async () => {
      const world = await loadFixture(healthchain);
      expect(await contractOf(world).authority()).to.equal(await world.consortium.getAddress());
      expect(await contractOf(world).successor()).to.equal(ZeroAddress);
    });

    it("points to its successor when the operator says so", async () => {
      const world = await loadFixture(healthchain);
      const contract = contractOf(world);
      const successor = await world.smartWallet.getAddress();
      await expect(contract.connect(world.operator).setSuccessor(successor))
        .to.emit(contract, "SuccessorSet")
        .withArgs(successor);
      expect(await contract.successor()).to.equal(successor);
    });

    it("refuses a successor without code, and itself", async () => {
      const world = await loadFixture(healthchain);
      const contract = contractOf(world);
      for (const successor of [world.stranger.address, ZeroAddress, await contract.getAddress()]) {
        await expect(contract.connect(world.operator).setSuccessor(successor))
          .to.be.revertedWithCustomError(contract, "SuccessorInvalid")
          .withArgs(successor);
      }
    });

    it("refuses everybody but the operator, even the administrator", async () => {
      const world = await loadFixture(healthchain);
      const contract = contractOf(world);
      for (const caller of [world.stranger, world.registrar, world.administrator]) {
        await expect(contract.connect(caller).setSuccessor(await world.smartWallet.getAddress()))
          .to.be.revertedWithCustomError(contract, "AccessManagedUnauthorized")
          .withArgs(caller.address);
      }
    });

    it("takes a new authority from its authority only", async () => {
      const world = await loadFixture(healthchain);
      const contract = contractOf(world);
      await expect(contract.connect(world.administrator).setAuthority(await world.smartWallet.getAddress()))
        .to.be.revertedWithCustomError(contract, "AccessManagedUnauthorized")
        .withArgs(world.administrator.address);
    });
  });
}

describe("Governed: an operator with a delay", () => {
  async function delayed() {
    const [, operator] = await connection.ethers.getSigners();
    if (operator === undefined) throw new Error("The network has one account only: configure more.");
    const contracts = await deployHealthchain(connection, { operators: [operator.address], operatorDelay: 2 * DAY });
    const target = await contracts.consentRegistry.getAddress();
    const call = contracts.consentRegistry.interface.encodeFunctionData("setBreakGlassRule", [5, 900]);
    return { ...contracts, operator, target, call };
  }

  it("has to schedule, wait and execute", async () => {
    const { consortium, consentRegistry, operator, target, call } = await loadFixture(delayed);
    const operation = await consortium.hashOperation(operator.address, target, call);
    await expect(consentRegistry.connect(operator).setBreakGlassRule(5, 900))
      .to.be.revertedWithCustomError(consortium, "AccessManagerNotScheduled")
      .withArgs(operation);

    await consortium.connect(operator).schedule(target, call, 0);
    const due = (await time.latest()) + 2 * DAY;
    await time.setNextBlockTimestamp(due - 1);
    await expect(consortium.connect(operator).execute(target, call))
      .to.be.revertedWithCustomError(consortium, "AccessManagerNotReady")
      .withArgs(operation);
    await time.setNextBlockTimestamp(due);
    await consortium.connect(operator).execute(target, call);
    expect(await consentRegistry.breakGlassDailyLimit()).to.equal(5n);
  });

  it("can be stopped by the administrator before it takes effect", async () => {
    const { consortium, operator, target, call } = await loadFixture(delayed);
    await consortium.connect(operator).schedule(target, call, 0);
    await consortium.cancel(operator.address, target, call);
    await time.increase(2 * DAY);
    await expect(consortium.connect(operator).execute(target, call)).to.be.revertedWithCustomError(
      consortium,
      "AccessManagerNotScheduled",
    );
  });
});
