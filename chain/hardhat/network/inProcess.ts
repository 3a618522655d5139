import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { Wallet } from "ethers";
import type { HealthchainAddresses } from "../../../ignition/deploy.js";
import type { DeploymentParameters } from "../../../ignition/parameters.js";
import { MemorySigningGuard } from "../../../src/consensus/guard/memorySigningGuard.js";
import { SteppedClock } from "../clock/steppedClock.js";
import { bootstrap } from "../genesis/bootstrap.js";
import type { Genesis } from "../genesis/genesis.js";
import { Ledger } from "../ledger/ledger.js";
import type { SignatureCheck } from "../ledger/signatureCheck.js";
import { ObserverNode } from "../node/observer.js";
import { ValidatorNode, type ValidatorParts } from "../node/validator.js";
import { serveRpc } from "../rpc/front.js";
import { MemoryLockStore } from "../store/lockStore.js";
import { MemoryBlockStore } from "../store/memoryBlockStore.js";
import { InProcessHub } from "../transport/inProcess.js";
import { accessTo } from "./observedChain.js";
import { SlotDriver } from "./slotDriver.js";

/** How the nodes of a network in this process run. */
export interface RunOptions {
  /** Port of the JSON-RPC front on 127.0.0.1; default any that is free. */
  readonly port?: number;
  /** Hears what the nodes have to say, a line at a time. */
  readonly say?: (line: string) => void;
  /** Makes a validator's node; by default an honest one. */
  readonly createValidator?: (parts: ValidatorParts, index: number) => ValidatorNode;
}

/** What a network in this process is to be. */
export interface InProcessOptions extends RunOptions {
  /** How many validators, at least 4 (default), or their keys. */
  readonly validators?: number | readonly Wallet[];
  /** Length of a slot in whole seconds, from 1 to 3,600; default 5. Nobody waits for it: the clock is moved. */
  readonly slotTime?: number;
  /** Length of an epoch in seconds, at least 10; default a day. */
  readonly epochLength?: number;
  /** What of the deployment is not to be as usual on a local network. */
  readonly parameters?: Partial<DeploymentParameters>;
}

/** A network whose validators all live in this process. It stands still until a transaction comes, or somebody moves it. */
export interface InProcessNetwork {
  /** Address of the JSON-RPC front. A transaction sent there is in a block when its hash comes back. */
  readonly url: string;
  /** The validators' keys, which are their institutions' wallets. */
  readonly keys: readonly Wallet[];
  readonly validators: readonly ValidatorNode[];
  readonly observer: ObserverNode;
  readonly genesis: Genesis;
  readonly contracts: HealthchainAddresses;
  /** The network's time, in seconds since 1970. */
  now(): number;
  /**
   * Makes blocks, even if nothing waits to be executed.
   *
   * @throws {NothingDecided}
   */
  mine(blocks?: number): Promise<void>;
  /**
   * Lets time pass, in seconds, and makes a block after it.
   *
   * @throws {NothingDecided}
   */
  advance(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

const DAY = 86_400;

/**
 * Starts a network with its validators, transport and clock in this process: the same nodes as those of `startNetwork`, for
 * demonstrations and tests. Nothing of it persists.
 *
 * @throws {PortTaken}, and what the deployment throws.
 */
export async function startInProcessNetwork(options: InProcessOptions = {}): Promise<InProcessNetwork> {
  const { validators = 4, slotTime = 5, epochLength = DAY, parameters = {} } = options;
  const keys = keysOf(validators);
  const ignitionFolder = await mkdtemp(join(tmpdir(), "healthchain-"));
  try {
    const now = Date.now() / 1_000;
    const { genesis } = await bootstrap({ validators: keys, slotTime, epochLength, now, ignitionFolder, parameters });
    return await runInProcessNetwork(genesis, keys, options);
  } finally {
    await rm(ignitionFolder, { recursive: true, force: true });
  }
}

/**
 * Runs a network in this process from a genesis that is there already.
 *
 * @param keys of the validators that the genesis elects.
 * @throws {PortTaken} or {@link GenesisInvalid}.
 */
export async function runInProcessNetwork(
  genesis: Genesis,
  keys: readonly Wallet[],
  { port = 0, say = () => {}, createValidator = (parts) => new ValidatorNode(parts) }: RunOptions = {},
): Promise<InProcessNetwork> {
  const now = Date.now() / 1_000;
  const hub = new InProcessHub();
  const failures: unknown[] = [];
  const nodes: { readonly isIdle: boolean }[] = [];
  const clock = new SteppedClock(now, async () => {
    // A message makes work, and work makes messages: it is over when there is neither.
    while (!hub.isQuiet || nodes.some(({ isIdle }) => !isIdle)) await setImmediate();
    if (failures.length > 0) throw failures[0];
  });
  const onFatal = (error: unknown) => void failures.push(error);
  const observer = new ObserverNode({
    ledger: await openLedger(genesis),
    transport: hub.connect("gateway"),
    say,
    onFatal,
  });
  const { signatures, domain, clock: slots } = observer.ledger;
  const validators: ValidatorNode[] = [];
  for (const [index, key] of keys.entries()) {
    const parts = {
      key,
      guard: await MemorySigningGuard.of({ key, domain }),
      ledger: await openLedger(genesis, signatures),
      locks: new MemoryLockStore(),
      transport: hub.connect(key.address),
      clock,
      say: (line: string) => say(`Validator ${index + 1}: ${line}`),
      onFatal,
    };
    validators.push(createValidator(parts, index));
  }
  nodes.push(observer, ...validators);
  const driver = new SlotDriver({ clock, slots, height: () => observer.ledger.head.number });
  const front = await serveRpc(
    accessTo(observer, () => driver.mine()),
    port,
  );
  for (const node of [observer, ...validators]) node.start();
  await clock.moveTo(now);
  return {
    url: front.url,
    keys,
    validators,
    observer,
    genesis,
    contracts: genesis.contracts,
    now: () => clock.now(),
    mine: async (blocks = 1) => {
      for (let made = 0; made < blocks; made++) await driver.mine();
    },
    advance: (seconds) => driver.advance(seconds),
    stop: async () => {
      await front.close();
      await Promise.all([observer, ...validators].map((node) => node.stop()));
    },
  };
}

function openLedger(genesis: Genesis, signatures?: SignatureCheck): Promise<Ledger> {
  const store = new MemoryBlockStore(genesis.blocks.length + 1);
  return Ledger.open({ genesis, store, signatures });
}

function keysOf(validators: number | readonly Wallet[]): readonly Wallet[] {
  if (typeof validators !== "number") return validators;
  return Array.from({ length: validators }, () => new Wallet(Wallet.createRandom().privateKey));
}
