import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { JsonRpcProvider } from "ethers";
import type { DecidedBlock } from "../../chain/hardhat/decided.js";
import { type NetworkValidator, type RunningNetwork, rpcProvider, startNetwork } from "../../chain/hardhat/index.js";
import { connectHealthchain, type Healthchain } from "../../ignition/deploy.js";
import { Random } from "../../scripts/consensus/random.js";
import { slotAt, slotStart } from "../../src/consensus/slot.js";
import { FAULT_SIGNAL } from "./programs/faulty.js";
import { Wiretap } from "./wiretap.js";

/** Seconds of a slot. */
export const SLOT = 2;

/** Seconds of an epoch: longer than the suite, so that no election comes in between unless a scene wants one. */
const EPOCH = 3_600;

/** The numbers of all validators. */
export const everybody: readonly number[] = [1, 2, 3, 4, 5, 6, 7];

/** Which validators can be told to be faulty; the others run the product's own program. */
export const Faulty = { LyingLeader: 4, SilentLeader: 5, LyingValidator: 6, TwoFaced: 7 } as const;

const programs = new Map<number, string>([
  [Faulty.LyingLeader, "programs/lyingLeader.ts"],
  [Faulty.SilentLeader, "programs/silentLeader.ts"],
  [Faulty.LyingValidator, "programs/lyingValidator.ts"],
  [Faulty.TwoFaced, "programs/twoFaced.ts"],
]);

/** The product's own program of a validator. */
export const honestProgram = new URL("../../chain/hardhat/network/process.ts", import.meta.url);

/** Milliseconds that the network has to end by itself. */
const PATIENCE = 20_000;

/** How a network is started. */
export interface ChaosOptions {
  /** Of all that is left to chance. */
  readonly seed: number;
  /** For all its files. */
  readonly folder: string;
  /** Ends it, also while it starts. */
  readonly signal: AbortSignal;
  /** Hears what the nodes have to say. */
  readonly say: (line: string) => void;
}

/** Seven validators as processes, the means to harm them, and what can be seen of them. */
export class ChaosNetwork {
  readonly random: Random;
  readonly network: RunningNetwork;
  readonly wiretap: Wiretap;
  readonly provider: JsonRpcProvider;
  /** Run by the operator. */
  readonly contracts: Healthchain;
  /** Every block that was decided since the start, by slot. */
  readonly decided = new Map<number, DecidedBlock>();

  private constructor(seed: number, network: RunningNetwork, wiretap: Wiretap, operator: Operator) {
    this.random = new Random(seed);
    this.network = network;
    this.wiretap = wiretap;
    this.provider = operator.provider;
    this.contracts = operator.contracts;
    network.observer.onBlock((decided) => this.decided.set(decided.block.slot, decided));
  }

  static async start({ seed, folder, signal, say }: ChaosOptions): Promise<ChaosNetwork> {
    const network = await startNetwork({
      validators: everybody.length,
      slotTime: SLOT,
      epochLength: EPOCH,
      port: 0,
      folder,
      signal,
      say: (line) => say(`${new Date().toISOString()} ${line}`),
      programOf: (index) => new URL(programs.get(index + 1) ?? honestProgram, import.meta.url),
    });
    const provider = rpcProvider(network.url);
    const contracts = connectHealthchain(network.contracts, await provider.getSigner(0));
    return new ChaosNetwork(seed, network, await Wiretap.open(network), { provider, contracts });
  }

  /** The last decided block, and who decides the next. */
  get head() {
    return this.network.observer.ledger.head;
  }

  /** The slot of the moment. */
  get slot(): number {
    return slotAt(Date.now() / 1_000, this.network.genesis);
  }

  /** Start of a slot, in seconds since 1970. */
  startOf(slot: number): number {
    return slotStart(slot, this.network.genesis);
  }

  /** Number of the validator whose slot it is, by the set of now. */
  leaderOf(slot: number): number {
    const { set } = this.head;
    return set.seats[set.leaderSeat(slot)]?.candidate ?? 0;
  }

  /** Height up to which the chain itself has confirmed its blocks. */
  async confirmed(): Promise<number> {
    return Number(await this.contracts.blockCertifier.confirmedHeight());
  }

  /** The validators whose comparisons for blocks above a height the chain has counted. */
  async signersAbove(height: number): Promise<Set<number>> {
    const { blockCertifier } = this.contracts;
    const events = await blockCertifier.queryFilter(blockCertifier.filters.BlockConfirmed(), height + 1);
    const above = events.filter(({ args }) => args.height > BigInt(height));
    const bits = above.reduce((all, { args }) => all | args.signers, 0n);
    const { seats } = this.head.set;
    return new Set(seats.filter((_, seat) => (bits >> BigInt(seat)) & 1n).map(({ candidate }) => candidate));
  }

  /** How many blocks of the epoch each of some validators has signed, as the chain counts them. */
  participationOf(numbers: readonly number[]): Promise<number[]> {
    const { set } = this.head;
    return Promise.all(
      numbers.map(async (number) => {
        const seat = set.seatOf(this.addressOf(number)) ?? set.seats.length;
        return Number((await this.contracts.blockCertifier.participationOf(set.epoch, seat)).signed);
      }),
    );
  }

  validator(number: number): NetworkValidator {
    const found = this.network.validators[number - 1];
    if (found === undefined) throw new Error(`There is no validator ${number}.`);
    return found;
  }

  addressOf(number: number): string {
    return this.validator(number).address;
  }

  /** The folder with what a validator keeps. */
  folderOf(number: number): string {
    return dirname(this.validator(number).keyFile);
  }

  /** The decided blocks in a validator's own file. */
  async storedBlocks(number: number): Promise<DecidedBlock[]> {
    const text = await readFile(join(this.folderOf(number), "blocks.jsonl"), "utf8");
    const lines = text.split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line) as DecidedBlock);
  }

  /** Kills processes as a power failure would. */
  async kill(...numbers: number[]): Promise<void> {
    await Promise.all(numbers.map((number) => this.validator(number).kill()));
  }

  /** Starts killed ones again. Resolves in the milliseconds that it took, once they take part. */
  async restart(...numbers: number[]): Promise<number> {
    const begun = performance.now();
    await Promise.all(numbers.map((number) => this.validator(number).restart()));
    return Math.round(performance.now() - begun);
  }

  /** Lets an honest validator be faulty, and a faulty one honest again. */
  switchFault(number: number): void {
    process.kill(this.#pidOf(number), FAULT_SIGNAL);
  }

  /** Stops a process in the middle of what it does, and lets it go on later: by another process, should this one end. */
  async freeze(number: number, seconds: number): Promise<void> {
    const pid = this.#pidOf(number);
    const shell = spawn("sh", ["-c", `kill -STOP ${pid}; sleep ${seconds}; kill -CONT ${pid}`], { stdio: "ignore" });
    await once(shell, "close");
  }

  /** Ends all of it; what does not end by itself is killed. */
  async stop(): Promise<void> {
    this.provider.destroy();
    await this.wiretap.close();
    const stopping = this.network.stop().then(() => true);
    if (await Promise.race([stopping, setTimeout(PATIENCE, false, { ref: false })])) return;
    await this.kill(...everybody);
    await stopping;
  }

  #pidOf(number: number): number {
    const { pid } = this.validator(number);
    if (pid === undefined) throw new Error(`Validator ${number} has no process.`);
    return pid;
  }
}

interface Operator {
  readonly provider: JsonRpcProvider;
  readonly contracts: Healthchain;
}
