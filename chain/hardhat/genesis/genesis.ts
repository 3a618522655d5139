import { isAddress } from "ethers";
import type { HealthchainAddresses } from "../../../ignition/deploy.js";
import { type Block, BlockMalformed, readBlock } from "../block.js";

/**
 * What every node of a network begins with: the blocks that nobody voted on, because they deploy the contracts and elect
 * the first validators. Each node replays them, and so checks them.
 */
export interface Genesis {
  /** Start of slot 0, which is also the timestamp of block 0, in seconds since 1970. */
  readonly genesis: number;
  /** Length of a slot, in seconds. */
  readonly slotTime: number;
  /** Hash of block 0; a network's name, since the time is in it. */
  readonly hash: string;
  readonly contracts: HealthchainAddresses;
  /** Blocks 1 to the one that elects the first set. */
  readonly blocks: readonly Block[];
}

/** The genesis is malformed, or is not what its replay gives. */
export class GenesisInvalid extends Error {
  override readonly name = "GenesisInvalid";

  constructor(reason: string) {
    super(`The network's genesis cannot be used: ${reason}. Get it again from the network's gateway.`);
  }
}

const MAX_BLOCKS = 10_000;
const HOUR = 3_600;
/** A name that is missing here does not compile. */
const isDeployed: Readonly<Record<keyof HealthchainAddresses, true>> = {
  consortium: true,
  accountCenter: true,
  medicalCoin: true,
  recordRegistry: true,
  consentRegistry: true,
  validatorRegistry: true,
  blockCertifier: true,
  datasetRegistry: true,
  quoter: true,
  dataMarket: true,
  marketClearing: true,
};
const contractNames = Object.keys(isDeployed) as (keyof HealthchainAddresses)[];

/**
 * A genesis from JSON that nobody has checked. Its replay checks the rest.
 *
 * @param json what `JSON.parse` gave.
 * @throws {GenesisInvalid}
 */
export function readGenesis(json: unknown): Genesis {
  const { genesis, slotTime, hash, contracts, blocks } = fieldsOf(json);
  if (!isWhole(genesis, 1, 2 ** 40 - 1)) throw new GenesisInvalid("its time is no timestamp");
  if (!isWhole(slotTime, 1, HOUR)) throw new GenesisInvalid("its slots are not 1 to 3,600 seconds long");
  if (!Array.isArray(blocks) || blocks.length === 0 || blocks.length > MAX_BLOCKS) {
    throw new GenesisInvalid(`it has not 1 to ${MAX_BLOCKS} blocks`);
  }
  try {
    return {
      genesis,
      slotTime,
      hash: String(hash),
      contracts: readContracts(contracts),
      blocks: blocks.map(readBlock),
    };
  } catch (error) {
    if (error instanceof BlockMalformed) throw new GenesisInvalid(error.message);
    throw error;
  }
}

function readContracts(json: unknown): HealthchainAddresses {
  const fields = fieldsOf(json);
  const entries = contractNames.map((name) => {
    const address = fields[name];
    if (!isAddress(address)) throw new GenesisInvalid(`it has no address of the ${name}`);
    return [name, address] as const;
  });
  return Object.fromEntries(entries) as HealthchainAddresses;
}

function isWhole(value: unknown, low: number, high: number): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= low && value <= high;
}

function fieldsOf(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === "object" && json !== null ? (json as Record<string, unknown>) : {};
}
