import { relative } from "node:path";
import { hexlify, randomBytes } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";
import { deployHealthchain, deploymentIdOf } from "../../ignition/deploy.js";
import type { DeploymentParameters } from "../../ignition/parameters.js";
import { addressesOf, deploymentFolder, inProcessNotice } from "../deployment.js";
import { readJson } from "../file.js";
import { printProgress } from "../result.js";
import { readParameters } from "./parameters.js";
import { parametersOf, rememberParameters } from "./remembered.js";

/** The chain holds a deployment that was made otherwise. */
export class DeploymentDiffers extends Error {
  override readonly name = "DeploymentDiffers";

  constructor(folder: string, options: ErrorOptions) {
    super(
      `The deployment in ${folder} was made with other parameters or other contracts, and is never deployed over: leave ` +
        "--parameters out to find it; its operators change what can be changed.",
      options,
    );
  }
}

/** Ignition's code for a module that does not fit what it deployed before. */
const RECONCILIATION_FAILED = "HHE10120";

interface DeployArguments {
  readonly parameters: string | undefined;
}

/**
 * Deploys, or finds what is there. Without a parameters file, a deployment that was begun before goes on with the
 * parameters that it began with.
 */
export default async function deploy({ parameters: file }: DeployArguments, hre: HardhatRuntimeEnvironment) {
  const given = file === undefined ? undefined : readParameters(await readJson(file));
  const connection = await hre.network.create();
  const { networkName, networkConfig, ethers } = connection;
  const { chainId } = await ethers.provider.getNetwork();
  if (networkConfig.type !== "http") {
    printProgress(inProcessNotice);
    const contracts = await deployHealthchain(connection, given);
    return { network: networkName, chainId, contracts: await addressesOf(contracts) };
  }
  const deployment = await deploymentIdOf(connection);
  const folder = deploymentFolder(hre, deployment);
  const begunWith = await parametersOf(folder);
  const parameters = withVoteSalt(given, begunWith);
  if (begunWith === undefined) await rememberParameters(folder, parameters);
  const sentBefore = await sentBy(connection);
  printProgress(`Deploying to ${networkName} (${deployment}) ...`);
  const contracts = await deployHealthchain(connection, parameters).catch((error: unknown) => {
    const differs = error instanceof Error && "errorCode" in error && error.errorCode === RECONCILIATION_FAILED;
    throw differs ? new DeploymentDiffers(folder, { cause: error }) : error;
  });
  const found = (await sentBy(connection)) === sentBefore;
  return {
    network: networkName,
    chainId,
    deployment,
    folder: relative(process.cwd(), folder),
    found,
    contracts: await addressesOf(contracts),
  };
}

/** Transactions of the deployer so far; the chain's blocks may come without any of them. */
async function sentBy({ ethers }: NetworkConnection): Promise<number> {
  const [deployer] = await ethers.getSigners();
  return deployer === undefined ? 0 : ethers.provider.getTransactionCount(deployer.address);
}

/** The parameters, with a salt that nobody could know before. What was begun goes on with the salt that it began with. */
function withVoteSalt(
  given: Partial<DeploymentParameters> | undefined,
  begunWith: Partial<DeploymentParameters> | undefined,
): Partial<DeploymentParameters> {
  if (begunWith === undefined) return { voteSalt: hexlify(randomBytes(32)), ...given };
  if (given === undefined || begunWith.voteSalt === undefined) return given ?? begunWith;
  return { voteSalt: begunWith.voteSalt, ...given };
}
