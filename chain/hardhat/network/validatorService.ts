import { existsSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Wallet } from "ethers";
import { type FileGuardOptions, FileSigningGuard } from "../../../src/consensus/guard/fileSigningGuard.js";
import { WallClock } from "../clock/wallClock.js";
import { type Genesis, readGenesis } from "../genesis/genesis.js";
import { fetchJson } from "../http/fetchJson.js";
import { Ledger } from "../ledger/ledger.js";
import { ValidatorNode, type ValidatorParts } from "../node/validator.js";
import { signPeerRecord } from "../peers/peerRecord.js";
import { Registration } from "../peers/registration.js";
import { FileBlockStore } from "../store/fileBlockStore.js";
import { FileLockStore } from "../store/lockStore.js";
import { HttpTransport } from "../transport/http.js";

/** Makes a validator's node from its parts. */
export type CreateValidator = (parts: ValidatorParts) => ValidatorNode;

/** What a validator of a network of several processes needs. */
export interface ValidatorServiceOptions {
  readonly key: Wallet;
  /** Folder for its guard and blocks, of this validator and this network only; it is made if it is not there. */
  readonly folder: string;
  /** Url of the network's gateway. */
  readonly gateway: string;
  readonly say: (line: string) => void;
  /** Hears of what the node cannot go on after. */
  readonly onFatal: (error: unknown) => void;
  readonly createNode?: CreateValidator;
}

/** A validator that takes part. */
export interface ValidatorService {
  readonly address: string;
  /** Where its peers reach it. */
  readonly url: string;
  stop(): Promise<void>;
}

/** The key takes part already, and what it signed is not known here. */
export class KeyInUse extends Error {
  override readonly name = "KeyInUse";

  constructor(address: string, folder: string) {
    super(
      `The key of ${address} takes part in this network already, but ${folder} has no signing guard of it: go on in the ` +
        "folder where it last ran. If that is lost, stand with a new key.",
    );
  }
}

/** Milliseconds that the gateway has to answer. */
const GATEWAY_TIMEOUT = 10_000;

/** Of a slot: what the making of a block may take, so that the others can audit it in time. */
const PATIENCE = 1 / 8;

const honest: CreateValidator = (parts) => new ValidatorNode(parts);

/**
 * Lets a validator take part in a network: with the wall's clock, over HTTP, and with all that it must not forget in files.
 *
 * @throws {NoAnswer}, {@link GenesisInvalid}, {@link KeyInUse}, what the signing guard and the block store throw.
 */
export async function startValidator(options: ValidatorServiceOptions): Promise<ValidatorService> {
  const { key, folder, gateway, say, onFatal, createNode = honest } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const genesis = readGenesis(await fetchJson(`${gateway}/genesis`, { timeout: GATEWAY_TIMEOUT }));
  const isNew = !hasBlocks(folder) && !existsSync(guardIn(folder));
  if (isNew && (await isPeer(gateway, key.address))) throw new KeyInUse(key.address, folder);
  const ledger = await openLedger(genesis, blocksIn(folder));
  const guard = await openGuard(ledger, { file: guardIn(folder), key, domain: ledger.domain }, isNew);
  const transport = await HttpTransport.open(key.address);
  const record = await signPeerRecord(key, ledger.domain, transport.url);
  const registration = new Registration(gateway, record, transport, ledger.domain);
  const node = createNode({
    key,
    guard,
    ledger,
    locks: new FileLockStore(join(folder, "locked.json")),
    transport,
    clock: new WallClock(),
    patience: genesis.slotTime * 1_000 * PATIENCE,
    say,
    onFatal,
  });
  await registration.start();
  node.start();
  return {
    address: key.address,
    url: transport.url,
    stop: async () => {
      registration.stop();
      await node.stop();
      await guard.close();
    },
  };
}

/**
 * Opens a ledger whose blocks are in a file.
 *
 * @throws {GenesisInvalid}, {@link BlockStoreInUse}, {@link BlockStoreDamaged}, {@link CertificateInvalid}.
 */
export async function openLedger(genesis: Genesis, file: string): Promise<Ledger> {
  return Ledger.open({ genesis, store: await FileBlockStore.open(file, genesis.blocks.length + 1) });
}

function hasBlocks(folder: string): boolean {
  const file = blocksIn(folder);
  return existsSync(file) && statSync(file).size > 0;
}

function blocksIn(folder: string): string {
  return join(folder, "blocks.jsonl");
}

function guardIn(folder: string): string {
  return join(folder, "guard.json");
}

/** A validator that has taken part and lost its guard might sign twice: only a new one gets a new guard. */
async function openGuard(ledger: Ledger, options: FileGuardOptions, isNew: boolean): Promise<FileSigningGuard> {
  try {
    return await (isNew ? FileSigningGuard.create(options) : FileSigningGuard.open(options));
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

/** Whether the gateway has heard of a validator. */
async function isPeer(gateway: string, address: string): Promise<boolean> {
  const records = await fetchJson(`${gateway}/peers`, { timeout: GATEWAY_TIMEOUT });
  return Array.isArray(records) && records.some((record: unknown) => Object(record).validator === address);
}
