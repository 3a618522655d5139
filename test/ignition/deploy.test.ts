import { expect } from "chai";
import { keccak256, parseEther, type Result } from "ethers";
import { network } from "hardhat";
import { connectHealthchain, DeployerMissing, deployHealthchain, deploymentIdOf } from "../../ignition/deploy.js";
import { ConsortiumRole, defaultParameters } from "../../ignition/parameters.js";
import { rejection } from "../enrolled.js";

const ADMINISTRATOR_ROLE = 0n;

async function chainWithAccounts() {
  const connection = await network.create();
  const [deployer, ...others] = await connection.ethers.getSigners();
  const [first, second] = others;
  if (deployer === undefined || first === undefined || second === undefined) {
    throw new Error("The network has fewer than three accounts: configure more.");
  }
  return { connection, deployer, first, second };
}

/** A struct that the chain answers with, by name. */
const numbersIn = (struct: object) => (struct as Result).toObject();

/** Parameters as the chain answers with them. */
const bigintsOf = (parameters: object) =>
  Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, BigInt(value)]));

describe("deployHealthchain", () => {
  it("deploys contracts that know each other", async () => {
    const { connection } = await chainWithAccounts();
    const { consortium, quoter, ...others } = await deployHealthchain(connection);
    const authority = await consortium.getAddress();
    for (const contract of Object.values(others)) expect(await contract.authority()).to.equal(authority);
    const { accountCenter, medicalCoin, recordRegistry, consentRegistry, validatorRegistry, blockCertifier } = others;
    expect(await recordRegistry.accountCenter()).to.equal(await accountCenter.getAddress());
    expect(await consentRegistry.accountCenter()).to.equal(await accountCenter.getAddress());
    expect(await consentRegistry.recordRegistry()).to.equal(await recordRegistry.getAddress());
    expect(await validatorRegistry.accountCenter()).to.equal(await accountCenter.getAddress());
    expect(await validatorRegistry.medicalCoin()).to.equal(await medicalCoin.getAddress());
    expect(await blockCertifier.validatorRegistry()).to.equal(await validatorRegistry.getAddress());
    expect(await blockCertifier.medicalCoin()).to.equal(await medicalCoin.getAddress());
    const { datasetRegistry, dataMarket } = others;
    for (const contract of [datasetRegistry, dataMarket]) {
      expect(await contract.accountCenter()).to.equal(await accountCenter.getAddress());
      expect(await contract.recordRegistry()).to.equal(await recordRegistry.getAddress());
      expect(await contract.consentRegistry()).to.equal(await consentRegistry.getAddress());
      expect(await contract.medicalCoin()).to.equal(await medicalCoin.getAddress());
    }
    expect(await dataMarket.datasetRegistry()).to.equal(await datasetRegistry.getAddress());
    expect(await dataMarket.quoter()).to.equal(await quoter.getAddress());
    expect(await others.marketClearing.dataMarket()).to.equal(await dataMarket.getAddress());
  });

  it("makes the deployer administrator, and gives it every role of people, where nothing else is said", async () => {
    const { connection, deployer } = await chainWithAccounts();
    const { consortium, medicalCoin, consentRegistry } = await deployHealthchain(connection);
    const { Registrar, Operator, Arbiter, Pauser } = ConsortiumRole;
    for (const role of [ADMINISTRATOR_ROLE, Registrar, Operator, Arbiter, Pauser]) {
      expect(await consortium.hasRole(role, deployer.address)).to.deep.equal([true, 0n]);
    }
    expect(await medicalCoin.emissionCap()).to.equal(parseEther("1000000000"));
    expect(await consentRegistry.breakGlassDailyLimit()).to.equal(3n);
    expect(await consentRegistry.breakGlassDuration()).to.equal(4n * 3600n);
  });

  it("has validators of the default rules where nothing else is said", async () => {
    const { connection, deployer } = await chainWithAccounts();
    const { validatorRegistry, blockCertifier } = await deployHealthchain(connection);
    const { validatorRules, blockRewards } = defaultParameters(deployer.address);
    expect(numbersIn(await validatorRegistry.rules())).to.deep.equal(bigintsOf(validatorRules));
    expect(numbersIn(await blockCertifier.rewards())).to.deep.equal(bigintsOf(blockRewards));
    expect(await validatorRegistry.genesis()).to.equal(0n);
    expect(await validatorRegistry.slotTime()).to.equal(5n);
    expect(await blockCertifier.followsSchedule()).to.equal(false);
  });

  it("has validators of the rules that the parameters name", async () => {
    const { connection, deployer } = await chainWithAccounts();
    const defaults = defaultParameters(deployer.address);
    const validatorRules = { ...defaults.validatorRules, seats: 7, epochLength: 60, minSelfStake: parseEther("3") };
    const blockRewards = { ...defaults.blockRewards, blockReward: 9n, minBlocks: 8 };
    const slots = { genesis: 1_700_000_000, slotTime: 2 };
    const voteSalt = `0x${"ab".repeat(32)}`;
    const parameters = { validatorRules, blockRewards, slots, followsSchedule: true, voteSalt };
    const { validatorRegistry, blockCertifier } = await deployHealthchain(connection, parameters);
    expect(numbersIn(await validatorRegistry.rules())).to.deep.equal(bigintsOf(validatorRules));
    expect(numbersIn(await blockCertifier.rewards())).to.deep.equal(bigintsOf(blockRewards));
    expect(await validatorRegistry.genesis()).to.equal(1_700_000_000n);
    expect(await validatorRegistry.slotTime()).to.equal(2n);
    expect(await blockCertifier.followsSchedule()).to.equal(true);
    expect((await blockCertifier.eip712Domain()).salt).to.equal(voteSalt);
  });

  it("has a market of the default rules where nothing else is said", async () => {
    const { connection, deployer } = await chainWithAccounts();
    const { dataMarket, datasetRegistry } = await deployHealthchain(connection);
    const { marketRules, sharingReward } = defaultParameters(deployer.address);
    expect(numbersIn(await dataMarket.marketRules())).to.deep.equal(bigintsOf(marketRules));
    expect(numbersIn(await datasetRegistry.sharingReward())).to.deep.equal(bigintsOf(sharingReward));
  });

  it("has a market of the rules that the parameters name", async () => {
    const { connection, deployer } = await chainWithAccounts();
    const defaults = defaultParameters(deployer.address);
    const marketRules = { ...defaults.marketRules, periodLength: 3_600, turnover: 1 };
    const sharingReward = { amount: 5n, patientPart: 1, doctorPart: 2, leastFloor: 3n };
    const { dataMarket, datasetRegistry } = await deployHealthchain(connection, { marketRules, sharingReward });
    expect(numbersIn(await dataMarket.marketRules())).to.deep.equal(bigintsOf(marketRules));
    expect(numbersIn(await datasetRegistry.sharingReward())).to.deep.equal(bigintsOf(sharingReward));
  });

  it("lets the clearing, and nobody else, order for others", async () => {
    const { connection, deployer } = await chainWithAccounts();
    const { consortium, marketClearing } = await deployHealthchain(connection);
    const { Clearing } = ConsortiumRole;
    expect(await consortium.hasRole(Clearing, await marketClearing.getAddress())).to.deep.equal([true, 0n]);
    expect((await consortium.hasRole(Clearing, deployer.address)).isMember).to.equal(false);
  });

  it("salts votes with the chain's genesis where no salt is given, so that going on finds the same", async () => {
    const { connection } = await chainWithAccounts();
    const { blockCertifier } = await deployHealthchain(connection);
    const genesis = await connection.ethers.provider.getBlock(0);
    expect((await blockCertifier.eip712Domain()).salt).to.equal(keccak256(genesis?.hash ?? "0x"));
  });

  it("lets the block certifier, and nobody else, reward, jail and slash", async () => {
    const { connection, deployer } = await chainWithAccounts();
    const { consortium, blockCertifier } = await deployHealthchain(connection);
    const { Certifier } = ConsortiumRole;
    expect(await consortium.hasRole(Certifier, await blockCertifier.getAddress())).to.deep.equal([true, 0n]);
    expect((await consortium.hasRole(Certifier, deployer.address)).isMember).to.equal(false);
  });

  it("gives the roles to whom the parameters name, and to nobody else", async () => {
    const { connection, deployer, first, second } = await chainWithAccounts();
    const { consortium } = await deployHealthchain(connection, {
      registrars: [first.address],
      operators: [second.address],
      operatorDelay: 60,
      arbiters: [first.address, second.address],
      pausers: [second.address],
    });
    expect(await consortium.hasRole(ConsortiumRole.Registrar, first.address)).to.deep.equal([true, 0n]);
    expect(await consortium.hasRole(ConsortiumRole.Operator, second.address)).to.deep.equal([true, 60n]);
    for (const arbiter of [first, second]) {
      expect(await consortium.hasRole(ConsortiumRole.Arbiter, arbiter.address)).to.deep.equal([true, 0n]);
    }
    expect(await consortium.hasRole(ConsortiumRole.Pauser, second.address)).to.deep.equal([true, 0n]);
    const { Registrar, Operator, Arbiter, Pauser } = ConsortiumRole;
    for (const role of [Registrar, Operator, Arbiter, Pauser]) {
      expect((await consortium.hasRole(role, deployer.address)).isMember).to.equal(false);
    }
  });

  it("hands administration over and keeps none", async () => {
    const { connection, deployer, first } = await chainWithAccounts();
    const { consortium } = await deployHealthchain(connection, { administrator: first.address });
    expect((await consortium.hasRole(ADMINISTRATOR_ROLE, first.address)).isMember).to.equal(true);
    expect((await consortium.hasRole(ADMINISTRATOR_ROLE, deployer.address)).isMember).to.equal(false);
    await expect(consortium.connect(deployer).grantRole(ConsortiumRole.Operator, deployer.address, 0))
      .to.be.revertedWithCustomError(consortium, "AccessManagerUnauthorizedAccount")
      .withArgs(deployer.address, ADMINISTRATOR_ROLE);
  });

  it("needs an account to deploy from", async () => {
    const connection = await network.create({ override: { accounts: [] } });
    expect(await rejection(deployHealthchain(connection))).to.be.instanceOf(DeployerMissing);
  });

  it("restricts every function that is meant for the consortium", async () => {
    const { connection } = await chainWithAccounts();
    const contracts = await deployHealthchain(connection);
    const restricted = [
      [contracts.accountCenter, ["enroll", "suspend", "reinstate", "revoke", "voidCertificate"], "Registrar"],
      [contracts.accountCenter, ["setSuccessor"], "Operator"],
      [contracts.medicalCoin, ["setSuccessor", "allotEmission", "endEmission"], "Operator"],
      [contracts.recordRegistry, ["setSuccessor"], "Operator"],
      [contracts.consentRegistry, ["setSuccessor", "setBreakGlassRule"], "Operator"],
      [contracts.validatorRegistry, ["setSuccessor", "setRules"], "Operator"],
      [contracts.validatorRegistry, ["reward", "jail", "slash"], "Certifier"],
      [contracts.blockCertifier, ["setSuccessor", "setRewards"], "Operator"],
      [contracts.datasetRegistry, ["setSuccessor", "setSharingReward"], "Operator"],
      [contracts.datasetRegistry, ["pause", "unpause"], "Pauser"],
      [contracts.dataMarket, ["setSuccessor", "setRules", "publishNumbers"], "Operator"],
      [contracts.dataMarket, ["pause", "unpause"], "Pauser"],
      [contracts.dataMarket, ["rule"], "Arbiter"],
      [contracts.dataMarket, ["orderFor"], "Clearing"],
      [contracts.marketClearing, ["setSuccessor", "openRound"], "Operator"],
      [contracts.marketClearing, ["pause", "unpause"], "Pauser"],
    ] as const;
    for (const [contract, functions, role] of restricted) {
      for (const name of functions) {
        const selector = contract.interface.getFunction(name as "setSuccessor").selector;
        const required = await contracts.consortium.getTargetFunctionRole(await contract.getAddress(), selector);
        expect(required, name).to.equal(ConsortiumRole[role]);
      }
    }
  });
});

describe("connectHealthchain", () => {
  it("finds a deployment by its addresses", async () => {
    const { connection, deployer } = await chainWithAccounts();
    const deployed = await deployHealthchain(connection);
    const addresses = {
      consortium: await deployed.consortium.getAddress(),
      accountCenter: await deployed.accountCenter.getAddress(),
      medicalCoin: await deployed.medicalCoin.getAddress(),
      recordRegistry: await deployed.recordRegistry.getAddress(),
      consentRegistry: await deployed.consentRegistry.getAddress(),
      validatorRegistry: await deployed.validatorRegistry.getAddress(),
      blockCertifier: await deployed.blockCertifier.getAddress(),
      datasetRegistry: await deployed.datasetRegistry.getAddress(),
      quoter: await deployed.quoter.getAddress(),
      dataMarket: await deployed.dataMarket.getAddress(),
      marketClearing: await deployed.marketClearing.getAddress(),
    };
    const { medicalCoin, blockCertifier } = connectHealthchain(addresses, deployer);
    expect(await medicalCoin.symbol()).to.equal("HMC");
    expect(await blockCertifier.validatorRegistry()).to.equal(addresses.validatorRegistry);
  });
});

describe("deploymentIdOf", () => {
  it("names a chain by its id and its genesis block", async () => {
    const { connection } = await chainWithAccounts();
    const genesis = await connection.ethers.provider.getBlock(0);
    expect(await deploymentIdOf(connection)).to.equal(`chain-31337-${genesis?.hash?.slice(2, 10)}`);
  });
});
