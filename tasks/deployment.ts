import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";
import {
  connectHealthchain,
  deployHealthchain,
  deploymentIdOf,
  type Healthchain,
  type HealthchainAddresses,
} from "../ignition/deploy.js";
import { printProgress } from "./result.js";

/** A deployment that a verb works on. */
export interface Deployment {
  readonly connection: NetworkConnection;
  /** The contracts; who runs them is the network's first account, or nobody if it has none. */
  readonly contracts: Healthchain;
  /** Its addresses. */
  readonly addresses: HealthchainAddresses;
}

/** Nothing, or not everything, is deployed on the network's chain. */
export class NotDeployed extends Error {
  override readonly name = "NotDeployed";

  constructor(network: string, reason: string) {
    super(`${reason}: run \`npx hardhat deploy --network ${network}\` first.`);
  }
}

/** What to say on the network that lives in this process only. */
export const inProcessNotice =
  "In-process network: deployed for this command only, nothing persists (use --network for a node).";

/** The name that each contract has in the files of its deployment. */
const deployedNames: Readonly<Record<keyof HealthchainAddresses, string>> = {
  consortium: "Healthchain#Consortium",
  accountCenter: "Healthchain#AccountCenter",
  medicalCoin: "Healthchain#MedicalCoin",
  recordRegistry: "Healthchain#RecordRegistry",
  consentRegistry: "Healthchain#ConsentRegistry",
  validatorRegistry: "Healthchain#ValidatorRegistry",
  blockCertifier: "Healthchain#BlockCertifier",
  datasetRegistry: "Healthchain#DatasetRegistry",
  quoter: "Healthchain#Quoter",
  dataMarket: "Healthchain#DataMarket",
  marketClearing: "Healthchain#MarketClearing",
};

/**
 * The deployment on the network of `--network`. The in-process network is new in every process, so there it deploys.
 *
 * @throws {NotDeployed}
 */
export async function openDeployment(hre: HardhatRuntimeEnvironment): Promise<Deployment> {
  const connection = await hre.network.create();
  if (connection.networkConfig.type !== "http") return deployInProcess(connection);
  const addresses = await recordedAddresses(hre, connection);
  const code = await connection.ethers.provider.getCode(addresses.consortium);
  if (code === "0x")
    throw new NotDeployed(connection.networkName, "The chain has lost the contracts of its deployment");
  const [first] = await connection.ethers.getSigners();
  const contracts = connectHealthchain(addresses, first ?? connection.ethers.provider);
  return { connection, contracts, addresses };
}

/** The folder that holds the files of a deployment. */
export function deploymentFolder(hre: HardhatRuntimeEnvironment, deploymentId: string): string {
  return join(hre.config.paths.ignition, "deployments", deploymentId);
}

/** The addresses of typed contracts. */
export async function addressesOf(contracts: Healthchain): Promise<HealthchainAddresses> {
  const entries = Object.keys(deployedNames).map(async (name) => {
    const contract = contracts[name as keyof Healthchain];
    return [name, await contract.getAddress()] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as HealthchainAddresses;
}

async function deployInProcess(connection: NetworkConnection): Promise<Deployment> {
  printProgress(inProcessNotice);
  const contracts = await deployHealthchain(connection);
  return { connection, contracts, addresses: await addressesOf(contracts) };
}

async function recordedAddresses(
  hre: HardhatRuntimeEnvironment,
  connection: NetworkConnection,
): Promise<HealthchainAddresses> {
  const { networkName } = connection;
  const id = await deploymentIdOf(connection);
  const recorded = await readRecorded(join(deploymentFolder(hre, id), "deployed_addresses.json"));
  if (recorded === undefined) {
    throw new NotDeployed(networkName, `Healthchain is not deployed on the network ${networkName} (${id})`);
  }
  const addresses = Object.entries(deployedNames).map(([name, key]) => {
    const address = recorded[key];
    if (typeof address !== "string") throw new NotDeployed(networkName, `The deployment ${id} lacks ${name}`);
    return [name, address] as const;
  });
  return Object.fromEntries(addresses) as HealthchainAddresses;
}

async function readRecorded(file: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
