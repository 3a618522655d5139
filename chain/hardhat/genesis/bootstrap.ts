import { fileURLToPath } from "node:url";
import hardhatEthers from "@nomicfoundation/hardhat-ethers";
import hardhatIgnitionEthers from "@nomicfoundation/hardhat-ignition-ethers";
import { hexlify, parseEther, randomBytes, type Wallet } from "ethers";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import {
  connectHealthchain,
  deployHealthchain,
  type Healthchain,
  type HealthchainAddresses,
} from "../../../ignition/deploy.js";
import { type DeploymentParameters, defaultParameters } from "../../../ignition/parameters.js";
import { elect } from "../../../src/consensus/elect.js";
import { operatorWallet } from "../developmentAccounts.js";
import { serveRpc } from "../rpc/front.js";
import { rpcProvider } from "../rpc/provider.js";
import { accredit, fundEmission } from "./accredit.js";
import type { Genesis } from "./genesis.js";
import { InstantChain } from "./instantChain.js";

/** What a network is to be. */
export interface BootstrapOptions {
  /** The validators' keys, at least 4; each becomes an institution's wallet, and they are numbered from 1. */
  readonly validators: readonly Wallet[];
  /** Length of a slot, in whole seconds from 1 to 3,600. */
  readonly slotTime: number;
  /** Length of an epoch in seconds, at least 10. */
  readonly epochLength: number;
  /** The present, in seconds since 1970. */
  readonly now: number;
  /** Folder in which Ignition keeps its `deployments`, so that Hardhat's tasks find them. */
  readonly ignitionFolder: string;
  /** What of the deployment is not to be as usual on a local network. */
  readonly parameters?: Partial<DeploymentParameters>;
}

/** A network's beginning, and what was deployed. */
export interface Bootstrap {
  readonly genesis: Genesis;
  /** With what Healthchain was deployed: what a later deployment has to give to find it. */
  readonly parameters: Partial<DeploymentParameters>;
}

/** Slots before the present in which the first blocks are made. */
const FIRST_SLOTS = 512;

/** What the first validator stakes; each further one a little more, so that no two shares are equal. */
const BASE_STAKE = parseEther("100000");
const MORE_STAKE = parseEther("1000");

/**
 * Makes the beginning of a network, on a chain in this process: deploys everything, accredits the validators, lets them
 * stake, and elects the first set. The blocks lie in the past, one in a slot.
 *
 * @throws what Ignition throws, {@link ChainError}.
 */
export async function bootstrap(options: BootstrapOptions): Promise<Bootstrap> {
  const { validators, slotTime, now } = options;
  const genesis = Math.floor(now) - FIRST_SLOTS * slotTime;
  const chain = await InstantChain.open(genesis, slotTime);
  const front = await serveRpc(chain, 0);
  try {
    const parameters = { ...localParameters(options, genesis), ...options.parameters };
    const contracts = await deployOver(front.url, options.ignitionFolder, parameters);
    await electFirst(contracts, front.url, validators, now);
    const { blocks, hash } = chain;
    return { genesis: { genesis, slotTime, hash, contracts, blocks }, parameters };
  } finally {
    await front.close();
  }
}

/** Short times, so that a developer sees epochs begin and end. */
function localParameters({ slotTime, epochLength }: BootstrapOptions, genesis: number): Partial<DeploymentParameters> {
  const { validatorRules, blockRewards } = defaultParameters(operatorWallet().address);
  return {
    slots: { genesis, slotTime },
    followsSchedule: true,
    voteSalt: hexlify(randomBytes(32)),
    validatorRules: {
      ...validatorRules,
      epochLength,
      unbondingEpochs: 3,
      commissionNotice: 1,
      jailTime: 2 * epochLength,
    },
    blockRewards: { ...blockRewards, minBlocks: 10 },
  };
}

/** Deploys over JSON-RPC, as every project does, because only then Ignition keeps what the tasks look for. */
async function deployOver(
  url: string,
  ignitionFolder: string,
  parameters: Partial<DeploymentParameters>,
): Promise<HealthchainAddresses> {
  const hre = await createHardhatRuntimeEnvironment(
    {
      plugins: [hardhatEthers, hardhatIgnitionEthers],
      networks: { beginning: { type: "http", chainType: "l1", url } },
      ignition: { requiredConfirmations: 1, blockPollingInterval: 10 },
      paths: { ignition: ignitionFolder },
    },
    {},
    fileURLToPath(new URL(".", import.meta.url)),
  );
  return addressesOf(await deployHealthchain(await hre.network.create("beginning"), parameters));
}

async function addressesOf(contracts: Healthchain): Promise<HealthchainAddresses> {
  const entries = Object.entries(contracts).map(async ([name, contract]) => [name, await contract.getAddress()]);
  return Object.fromEntries(await Promise.all(entries)) as HealthchainAddresses;
}

async function electFirst(
  deployed: HealthchainAddresses,
  url: string,
  validators: readonly Wallet[],
  now: number,
): Promise<void> {
  const provider = rpcProvider(url);
  try {
    const operator = operatorWallet().connect(provider);
    const contracts = connectHealthchain(deployed, operator);
    await fundEmission(contracts, operator);
    for (const [index, wallet] of validators.entries()) {
      const stake = BASE_STAKE + BigInt(index) * MORE_STAKE;
      await accredit(contracts, operator, wallet.connect(provider), { stake, now });
    }
    await elect(contracts.validatorRegistry);
  } finally {
    provider.destroy();
  }
}
