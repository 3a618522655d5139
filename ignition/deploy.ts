import { type ContractRunner, keccak256 } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import {
  type AccountCenter,
  AccountCenter__factory,
  type BlockCertifier,
  BlockCertifier__factory,
  type ConsentRegistry,
  ConsentRegistry__factory,
  type Consortium,
  Consortium__factory,
  type DataMarket,
  DataMarket__factory,
  type DatasetRegistry,
  DatasetRegistry__factory,
  type MarketClearing,
  MarketClearing__factory,
  type MedicalCoin,
  MedicalCoin__factory,
  type Quoter,
  Quoter__factory,
  type RecordRegistry,
  RecordRegistry__factory,
  type ValidatorRegistry,
  ValidatorRegistry__factory,
} from "../types/ethers-contracts/index.js";
import { healthchainModule } from "./modules/Healthchain.js";
import { type DeploymentParameters, defaultParameters } from "./parameters.js";

/** The contracts of one deployment, typed. */
export interface Healthchain {
  readonly consortium: Consortium;
  readonly accountCenter: AccountCenter;
  readonly medicalCoin: MedicalCoin;
  readonly recordRegistry: RecordRegistry;
  readonly consentRegistry: ConsentRegistry;
  readonly validatorRegistry: ValidatorRegistry;
  readonly blockCertifier: BlockCertifier;
  readonly datasetRegistry: DatasetRegistry;
  readonly quoter: Quoter;
  readonly dataMarket: DataMarket;
  readonly marketClearing: MarketClearing;
}

export type HealthchainAddresses = Readonly<Record<keyof Healthchain, string>>;

/** The network has no account to deploy from. */
export class DeployerMissing extends Error {
  override readonly name = "DeployerMissing";

  constructor() {
    super("The network has no account to deploy from: configure `accounts` for it.");
  }
}

/**
 * Deploys the whole system, the one way that demo, tests, tasks and every network use. Run again on the same chain with the same
 * parameters, it finds what is there and deploys nothing.
 *
 * @throws {DeployerMissing}, and what Ignition throws.
 */
export async function deployHealthchain(
  connection: NetworkConnection,
  parameters: Partial<DeploymentParameters> = {},
): Promise<Healthchain> {
  const { ethers, ignition } = connection;
  const [deployer] = await ethers.getSigners();
  if (deployer === undefined) throw new DeployerMissing();
  const administrator = parameters.administrator ?? deployer.address;
  const chosen = { ...defaultParameters(administrator), ...parameters };
  const voteSalt = chosen.voteSalt ?? (await saltOf(connection));
  const module = healthchainModule({ ...chosen, voteSalt }, deployer.address);
  const persistent = connection.networkConfig.type === "http";
  const deployed = await ignition.deploy(
    module,
    persistent ? { deploymentId: await deploymentIdOf(connection), defaultSender: deployer.address } : {},
  );
  return connectHealthchain(
    {
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
    },
    deployer,
  );
}

/** The typed contracts at known addresses. */
export function connectHealthchain(addresses: HealthchainAddresses, runner: ContractRunner): Healthchain {
  return {
    consortium: Consortium__factory.connect(addresses.consortium, runner),
    accountCenter: AccountCenter__factory.connect(addresses.accountCenter, runner),
    medicalCoin: MedicalCoin__factory.connect(addresses.medicalCoin, runner),
    recordRegistry: RecordRegistry__factory.connect(addresses.recordRegistry, runner),
    consentRegistry: ConsentRegistry__factory.connect(addresses.consentRegistry, runner),
    validatorRegistry: ValidatorRegistry__factory.connect(addresses.validatorRegistry, runner),
    blockCertifier: BlockCertifier__factory.connect(addresses.blockCertifier, runner),
    datasetRegistry: DatasetRegistry__factory.connect(addresses.datasetRegistry, runner),
    quoter: Quoter__factory.connect(addresses.quoter, runner),
    dataMarket: DataMarket__factory.connect(addresses.dataMarket, runner),
    marketClearing: MarketClearing__factory.connect(addresses.marketClearing, runner),
  };
}

/** Names a chain by its id and its genesis block, so that a restarted node never meets the addresses of an earlier one. */
export async function deploymentIdOf(connection: NetworkConnection): Promise<string> {
  const { ethers } = connection;
  const [{ chainId }, genesis] = await Promise.all([ethers.provider.getNetwork(), ethers.provider.getBlock(0)]);
  return `chain-${chainId}-${genesis?.hash?.slice(2, 10) ?? "unknown"}`;
}

/** A salt that stays the same when a deployment goes on, and that networks of another genesis block do not share. */
async function saltOf({ ethers }: NetworkConnection): Promise<string> {
  const genesis = await ethers.provider.getBlock(0);
  return keccak256(genesis?.hash ?? "0x");
}
