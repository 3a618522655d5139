import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { JsonRpcProvider } from "ethers";
import { type RunningNetwork, startNetwork } from "../../chain/hardhat/network/start.js";
import { rpcProvider } from "../../chain/hardhat/rpc/provider.js";
import { MedicalCoin__factory } from "../../types/ethers-contracts/index.js";

/** What the validators' processes spend, in CPU seconds of all of them together. */
export interface Energy {
  readonly validators: number;
  /** For one block without users' transactions: it still is made, audited, compared and confirmed. */
  readonly perBlock: number;
  /** For one transfer of coin, beyond its block's. */
  readonly perTransaction: number;
  /** For one transfer when blocks are as full as they were in the measurement. */
  readonly perTransactionInAll: number;
  readonly transactions: number;
  readonly blocks: number;
}

const validators = 4;
const senders = 20;
const transfersEach = 20;
const idleBlocks = 15;
/** In `/proc`, times are counted in hundredths of a second. */
const ticksPerSecond = 100;

/**
 * Measures what the paper's claim about energy is about: a local network of four validators, each a process of its own, first without
 * users and then with 400 transfers. Only where the system tells about processes under `/proc`; undefined elsewhere.
 *
 * @param say gets every line of progress
 */
export async function measureEnergy(say: (line: string) => void): Promise<Energy | undefined> {
  if (process.platform !== "linux") return undefined;
  const folder = await mkdtemp(join(tmpdir(), "healthchain-energy-"));
  const network = await startNetwork({ validators, slotTime: 1, epochLength: 3_600, port: 0, folder, say });
  const provider = rpcProvider(network.url);
  try {
    const pay = await fund(network, provider);
    const idle = await spentDuring(network, () => untilBlock(network, head(network) + idleBlocks));
    const perBlock = idle.seconds / idle.blocks;
    const busy = await spentDuring(network, () => Promise.all(pay.map((send) => send())));
    const transactions = senders * transfersEach;
    return {
      validators,
      perBlock,
      perTransaction: Math.max(0, busy.seconds - busy.blocks * perBlock) / transactions,
      perTransactionInAll: busy.seconds / transactions,
      transactions,
      blocks: busy.blocks,
    };
  } finally {
    provider.destroy();
    await network.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The measurement for people to read. */
export function energyLines(energy: Energy | undefined): string[] {
  if (energy === undefined) return ["Energy: not measured, because this system does not tell what processes spend."];
  const { perBlock, perTransaction, perTransactionInAll, transactions, blocks } = energy;
  const figure = (seconds: number) => `${(seconds * 1_000).toFixed(1)} ms`;
  return [
    `Energy: CPU time of ${energy.validators} validators together, each of which executes everything`,
    `  a block without users' transactions: ${figure(perBlock)}`,
    `  a transfer of coin, beyond its block: ${figure(perTransaction)}`,
    `  a transfer in all, at ${(transactions / blocks).toFixed(0)} to a block: ${figure(perTransactionInAll)}`,
  ];
}

/** Gives every development account coin; says how each of them pays the next one, many times. */
async function fund({ contracts }: RunningNetwork, provider: JsonRpcProvider): Promise<(() => Promise<void>)[]> {
  const accounts = await Promise.all(Array.from({ length: senders }, (_, i) => provider.getSigner(i)));
  const [minter] = accounts;
  if (!minter) throw new Error("The network has no development account.");
  const coin = MedicalCoin__factory.connect(contracts.medicalCoin, minter);
  for (const { address } of accounts) await coin.mint(address, transfersEach);
  await (await coin.mint(minter.address, 1)).wait();
  return accounts.map((account, i) => async () => {
    const to = accounts[(i + 1) % senders]?.address ?? account.address;
    const sent = [];
    for (let n = 0; n < transfersEach; n++)
      sent.push(await coin.connect(account).transfer(to, 1, { gasLimit: 100_000 }));
    for (const transaction of sent) await transaction.wait();
  });
}

async function spentDuring(network: RunningNetwork, work: () => Promise<unknown>) {
  const [start, first] = [await spent(network), head(network)];
  await work();
  const [end, last] = [await spent(network), head(network)];
  return { seconds: end - start, blocks: Math.max(1, last - first) };
}

/** CPU seconds of all validators so far. */
async function spent(network: RunningNetwork): Promise<number> {
  const ticks = await Promise.all(network.validators.map(async ({ pid }) => ticksOf(pid)));
  return ticks.reduce((sum, one) => sum + one, 0) / ticksPerSecond;
}

/** Time in user and in kernel mode: the 14th and 15th field, of which the second, in brackets, may contain spaces. */
async function ticksOf(pid: number | undefined): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

function head({ observer }: RunningNetwork): number {
  return observer.ledger.head.number;
}

async function untilBlock(network: RunningNetwork, block: number): Promise<void> {
  const patience = Date.now() + 120_000;
  while (head(network) < block) {
    if (Date.now() > patience) throw new Error("The local network makes no blocks: see what its validators say.");
    await setTimeout(100);
  }
}
