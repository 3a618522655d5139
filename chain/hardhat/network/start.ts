import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { HealthchainAddresses } from "../../../ignition/deploy.js";
import type { DeploymentParameters } from "../../../ignition/parameters.js";
import { bootstrap } from "../genesis/bootstrap.js";
import type { Genesis } from "../genesis/genesis.js";
import { serveLocally } from "../http/loopbackServer.js";
import { ObserverNode } from "../node/observer.js";
import { openGateway } from "../peers/gateway.js";
import { serveRpc } from "../rpc/front.js";
import { Closing } from "./closing.js";
import { NetworkFolder } from "./networkFolder.js";
import { NetworkValidator } from "./networkValidator.js";
import { accessTo } from "./observedChain.js";
import { openLedger } from "./validatorService.js";

/** What a network of several processes is to be. */
export interface NetworkOptions {
  /** How many validators, 4 to 21. Each is a process of its own. */
  readonly validators: number;
  /** Length of a slot in whole seconds, 1 to 3,600: 1 is enough for 4 validators on two cores, 2 for 7. */
  readonly slotTime: number;
  /** Length of an epoch in seconds, at least 10; default 30 slots. */
  readonly epochLength?: number;
  /** Port of the JSON-RPC front on 127.0.0.1; 0 for any that is free. */
  readonly port: number;
  /** Folder for keys, guards and blocks. With a network in it, that one goes on. */
  readonly folder: string;
  /** Folder in which Hardhat's tasks look for `deployments`; default one in the network's folder. */
  readonly ignitionFolder?: string;
  /** What of the deployment is not to be as usual on a local network. */
  readonly parameters?: Partial<DeploymentParameters>;
  /** Hears what the nodes have to say, a line at a time. */
  readonly say: (line: string) => void;
  /** Ends the network, also while it starts. */
  readonly signal?: AbortSignal;
  /** The program of a validator, by its index; default the one beside this file. */
  readonly programOf?: (index: number) => URL;
}

/** A network that runs. */
export interface RunningNetwork {
  /** Address of the JSON-RPC front. */
  readonly url: string;
  /** Address at which further validators join. */
  readonly gateway: string;
  readonly genesis: Genesis;
  readonly contracts: HealthchainAddresses;
  /** With what Healthchain was deployed; undefined if the network was begun before. */
  readonly parameters: Partial<DeploymentParameters> | undefined;
  readonly validators: readonly NetworkValidator[];
  readonly observer: ObserverNode;
  /** Resolves when the network has ended. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const EPOCH_SLOTS = 30;
const SHORTEST_EPOCH = 10;

/**
 * Starts a local network: begins it, or goes on with the one in the folder; then runs one process for each validator, and in
 * this process the gateway with the JSON-RPC front. A validator that ends is reported, and the others go on.
 *
 * @throws {PortTaken}, {@link ValidatorsMismatch}, {@link ValidatorNotStarted}; then nothing of it runs any more.
 */
export async function startNetwork(options: NetworkOptions): Promise<RunningNetwork> {
  const { port, say, signal } = options;
  signal?.throwIfAborted();
  // So that a port that is taken is found before the work, and not after it.
  await (await serveLocally(port, { maxBody: 0, answer: async () => undefined })).close();
  const folder = new NetworkFolder(options.folder);
  const { genesis, parameters } = await begin(options, folder);
  signal?.throwIfAborted();
  const closing = new Closing();
  signal?.addEventListener("abort", () => void closing.close(), { once: true });
  try {
    const { observer, gateway } = await openObserver(genesis, folder, say, closing);
    const network = { gateway, hash: genesis.hash, slotTime: genesis.slotTime, contracts: genesis.contracts };
    const front = await serveRpc(accessTo(observer, undefined, network), port);
    closing.add(() => front.close());
    const validators = await startValidators(options, folder, gateway, closing);
    signal?.throwIfAborted();
    return {
      url: front.url,
      gateway,
      genesis,
      contracts: genesis.contracts,
      parameters,
      validators,
      observer,
      ended: closing.done,
      stop: () => closing.close(),
    };
  } catch (error) {
    await closing.close();
    signal?.throwIfAborted();
    throw error;
  }
}

/** The network's beginning: the one in its folder, or a new one. */
async function begin(options: NetworkOptions, folder: NetworkFolder) {
  const { validators, slotTime, say, parameters } = options;
  const { epochLength = Math.max(SHORTEST_EPOCH, EPOCH_SLOTS * slotTime) } = options;
  if (folder.isBegun) {
    say(`Going on with the network in ${folder.path}.`);
    return { genesis: await folder.readGenesis(validators), parameters: undefined };
  }
  const ignitionFolder = resolve(options.ignitionFolder ?? join(folder.path, "ignition"));
  await mkdir(ignitionFolder, { recursive: true });
  const keys = await folder.createKeys(validators);
  say("Deploying Healthchain, accrediting the validators, electing the first set ...");
  const begun = await bootstrap({
    validators: keys,
    slotTime,
    epochLength,
    now: Date.now() / 1_000,
    ignitionFolder,
    ...(parameters && { parameters }),
  });
  await folder.keepGenesis(begun.genesis);
  return begun;
}

async function openObserver(genesis: Genesis, folder: NetworkFolder, say: (line: string) => void, closing: Closing) {
  const ledger = await openLedger(genesis, folder.blocksFile);
  const transport = await openGateway(genesis, ledger.domain);
  const onFatal = (error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    void closing.close();
  };
  const observer = new ObserverNode({ ledger, transport, say, onFatal });
  observer.start();
  closing.add(() => observer.stop());
  return { observer, gateway: transport.url };
}

/** Starts all at once, each in a process; if one does not start, the others are ended. */
async function startValidators(
  { validators, say, programOf = () => ownProgram }: NetworkOptions,
  folder: NetworkFolder,
  gateway: string,
  closing: Closing,
): Promise<NetworkValidator[]> {
  say(`Starting ${validators} validators ...`);
  const started = Array.from({ length: validators }, async (_, index) => {
    const number = index + 1;
    const validator = await NetworkValidator.start({
      number,
      program: programOf(index),
      settings: { keyFile: folder.keyFile(number), folder: folder.validatorFolder(number), gateway },
      say: (line) => say(`Validator ${number}: ${line}`),
    });
    closing.add(() => validator.stop());
    return validator;
  });
  const results = await Promise.allSettled(started);
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return Promise.all(started);
}

/** The program beside this file, in the form that this one has: TypeScript from source, JavaScript from the package. */
const ownProgram = new URL(import.meta.url.endsWith(".ts") ? "process.ts" : "process.js", import.meta.url);
