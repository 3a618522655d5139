import { existsSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import {
  developmentWallets,
  type NetworkOptions,
  type RunningNetwork,
  startNetwork,
} from "../../chain/hardhat/index.js";
import { countArgument } from "../consensus/count.js";
import { secondsArgument } from "../consensus/seconds.js";
import { rememberParameters } from "../deploy/remembered.js";
import { deploymentFolder } from "../deployment.js";
import { printProgress, printResult } from "../result.js";
import { sayBlocks } from "./blocks.js";
import { interruption } from "./interruption.js";

interface StartArguments {
  readonly validators: number;
  readonly slot: number;
  readonly epoch: string | undefined;
  readonly port: number;
  readonly data: string | undefined;
  readonly every: number;
  readonly json: boolean;
}

const CHAIN_ID = 31_337;
const MONTH = 30 * 86_400;

/** Ends with exit code 0 after Ctrl-C, and with 1 if the network ended by itself. */
export default async function start(args: StartArguments, hre: HardhatRuntimeEnvironment) {
  const options = optionsOf(args);
  const every = countArgument(args.every, 0, 1_000_000);
  const signal = interruption();
  const folder = resolve(args.data ?? (await mkdtemp(join(tmpdir(), "healthchain-network-"))));
  const leftovers = args.data === undefined ? [folder] : [];
  try {
    const ignitionFolder = join(folder, "ignition");
    const network = await startNetwork({ ...options, folder, ignitionFolder, signal });
    const deployment = deploymentFolder(hre, deploymentIdOf(network));
    if (args.data === undefined) leftovers.push(deployment);
    await publishDeployment(network, ignitionFolder, deployment);
    printResult(shown(network, args.data, deployment), args.json);
    printProgress("Everybody knows the accounts' keys: never use them elsewhere. Press Ctrl-C to stop.");
    sayBlocks(network, every);
    await network.ended;
    process.exitCode = signal.aborted ? 0 : 1;
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    for (const path of leftovers) await rm(path, { recursive: true, force: true });
  }
  printProgress("Stopped: every validator has ended.");
  return undefined;
}

/** Puts the network's deployment where this project's tasks look for it. What the project has of it already may have gone on. */
async function publishDeployment(network: RunningNetwork, ignitionFolder: string, deployment: string): Promise<void> {
  const kept = join(ignitionFolder, "deployments", deploymentIdOf(network));
  if (network.parameters !== undefined) await rememberParameters(kept, network.parameters);
  if (!existsSync(deployment)) await cp(kept, deployment, { recursive: true });
}

/** @throws {ArgumentInvalid} */
function optionsOf(args: StartArguments): Omit<NetworkOptions, "folder"> {
  return {
    validators: countArgument(args.validators, 4, 21),
    slotTime: countArgument(args.slot, 1, 3_600),
    ...(args.epoch !== undefined && { epochLength: secondsArgument(args.epoch, 10, MONTH) }),
    port: countArgument(args.port, 0, 65_535),
    say: printProgress,
  };
}

/** The name that a task on the network finds the deployment by. */
function deploymentIdOf({ genesis }: RunningNetwork): string {
  return `chain-${CHAIN_ID}-${genesis.hash.slice(2, 10)}`;
}

function shown({ url, gateway, genesis, validators }: RunningNetwork, data: string | undefined, deployment: string) {
  return {
    url,
    gateway,
    chainId: CHAIN_ID,
    slotSeconds: genesis.slotTime,
    deployment: relative(process.cwd(), deployment),
    data,
    accounts: developmentWallets().map(({ address, privateKey }, index) => ({ index, address, privateKey })),
    validators: validators.map(({ number, address, pid, keyFile }) => ({ number, address, pid, keyFile })),
  };
}
