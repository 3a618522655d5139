import { getAddress, keccak256, toQuantity } from "ethers";
import type { EIP1193Provider } from "hardhat/types/providers";
import type { Block } from "../block.js";

/** Where a replica stands. */
export interface ReplicaHead {
  readonly number: number;
  readonly hash: string;
  readonly stateRoot: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
}

/** What the EVM says of a block that it executed. */
export interface Header extends ReplicaHead {
  readonly parentHash: string;
  readonly miner: string;
  readonly mixHash: string;
}

/** In what a block's transactions are executed. */
export type Setting = Pick<Block, "timestamp" | "miner" | "mixHash">;

/** A transaction that is not in the block that was made. */
export interface LeftOut {
  readonly transaction: string;
  /** What the EVM said; undefined if it only found no room in the block. */
  readonly refusal: string | undefined;
}

/** How an execution ended. */
export interface Execution {
  readonly header: Header;
  readonly included: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Executes transactions in order as the next block. Nothing of them stays in the EVM's pool.
 *
 * @throws what the EVM throws if it cannot make the block.
 */
export async function execute(
  edr: EIP1193Provider,
  setting: Setting,
  transactions: readonly string[],
): Promise<Execution> {
  const refused: LeftOut[] = [];
  for (const transaction of transactions) {
    const refusal = await submit(edr, transaction);
    if (refusal !== undefined) refused.push({ transaction, refusal });
  }
  await edr.request({ method: "hardhat_setCoinbase", params: [setting.miner] });
  await edr.request({ method: "hardhat_setPrevRandao", params: [setting.mixHash] });
  // A full block would raise the base fee, from which nothing brings it back to zero.
  await edr.request({ method: "hardhat_setNextBlockBaseFeePerGas", params: ["0x0"] });
  await edr.request({ method: "evm_mine", params: [toQuantity(setting.timestamp)] });
  const { header, hashes } = await latestBlock(edr);
  await emptyPool(edr);
  return { header, ...sort(transactions, refused, hashes) };
}

/** The last block's header. */
export async function latestHeader(edr: EIP1193Provider): Promise<Header> {
  return (await latestBlock(edr)).header;
}

/** Takes out of the EVM's pool what is in it, so that nothing stray gets into the next block. */
export async function emptyPool(edr: EIP1193Provider): Promise<void> {
  const pending: readonly { readonly hash: string }[] = await edr.request({ method: "eth_pendingTransactions" });
  for (const { hash } of pending) await edr.request({ method: "hardhat_dropTransaction", params: [hash] });
}

async function submit(edr: EIP1193Provider, transaction: string): Promise<string | undefined> {
  try {
    await edr.request({ method: "eth_sendRawTransaction", params: [transaction] });
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** The transactions that are in the block, in its order, and the others. */
function sort(transactions: readonly string[], refused: readonly LeftOut[], hashes: readonly string[]) {
  const byHash = new Map(transactions.map((transaction) => [keccak256(transaction), transaction]));
  const included = hashes.flatMap((hash) => byHash.get(hash) ?? []);
  const accounted = new Set([...included, ...refused.map(({ transaction }) => transaction)]);
  const crowdedOut = transactions.filter((transaction) => !accounted.has(transaction));
  return { included, leftOut: [...refused, ...crowdedOut.map((transaction) => ({ transaction, refusal: undefined }))] };
}

async function latestBlock(edr: EIP1193Provider): Promise<{ header: Header; hashes: readonly string[] }> {
  const block = await edr.request({ method: "eth_getBlockByNumber", params: ["latest", false] });
  const header = {
    number: Number(block.number),
    hash: String(block.hash),
    parentHash: String(block.parentHash),
    stateRoot: String(block.stateRoot),
    timestamp: Number(block.timestamp),
    miner: getAddress(block.miner),
    mixHash: String(block.mixHash),
  };
  return { header, hashes: block.transactions as string[] };
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
