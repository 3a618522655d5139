import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEther, Wallet } from "ethers";
import { connectHealthchain, type HealthchainAddresses } from "../../../ignition/deploy.js";
import { candidateOf, NotAnInstitution } from "../../../src/consensus/sender.js";
import { operatorWallet } from "../developmentAccounts.js";
import { accredit } from "../genesis/accredit.js";
import { rpcProvider } from "../rpc/provider.js";
import { Closing } from "./closing.js";
import { startValidator } from "./validatorService.js";

/** Who joins which network. */
export interface JoinOptions {
  /** Address of the network's JSON-RPC front. */
  readonly rpc: string;
  /** Folder for the validator's key, guard and blocks; with a key in it, that validator goes on. */
  readonly folder: string;
  /** What it stakes if it is new, in wei of coin; default 100,000 coins. */
  readonly stake?: bigint;
  /** Hears what the node has to say, a line at a time. */
  readonly say: (line: string) => void;
  /** Ends taking part. */
  readonly signal?: AbortSignal;
}

/** A validator that runs in this process. */
export interface JoinedValidator {
  /** Checksummed address of the validator. */
  readonly address: string;
  /** Number of its institution, and so of its candidacy. */
  readonly candidate: number;
  /** File with its private key, which is its institution's. */
  readonly keyFile: string;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** What answers at the address is no local network that can be joined. */
export class NoNetwork extends Error {
  override readonly name = "NoNetwork";

  constructor(rpc: string, options?: ErrorOptions) {
    super(`At ${rpc} there is no local network to join: start one with \`npx hardhat chain start\`.`, options);
  }
}

interface NetworkEntry {
  readonly gateway: string;
  readonly contracts: HealthchainAddresses;
}

const DEFAULT_STAKE = parseEther("100000");

/**
 * Adds a validator to a local network that runs: a new one is accredited, given coin, and stands; it votes once it is
 * elected, at the end of the epoch. Its node runs in this process.
 *
 * @throws {NoNetwork}, {@link ChainError}, and what `startValidator` throws.
 */
export async function joinNetwork(options: JoinOptions): Promise<JoinedValidator> {
  const { rpc, folder, say, signal } = options;
  signal?.throwIfAborted();
  const keyFile = join(folder, "key");
  const key = await keyIn(folder, keyFile);
  const { gateway, contracts } = await entryAt(rpc);
  const candidate = await standIfNew(options, key, contracts);
  const closing = new Closing();
  const onFatal = (error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    void closing.close();
  };
  const service = await startValidator({ key, folder, gateway, say, onFatal });
  closing.add(() => service.stop());
  signal?.addEventListener("abort", () => void closing.close(), { once: true });
  if (signal?.aborted) await closing.close();
  return { address: key.address, candidate, keyFile, ended: closing.done, stop: () => closing.close() };
}

async function keyIn(folder: string, keyFile: string): Promise<Wallet> {
  if (existsSync(keyFile)) return new Wallet((await readFile(keyFile, "utf8")).trim());
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { privateKey } = Wallet.createRandom();
  await writeFile(keyFile, `${privateKey}\n`, { mode: 0o600 });
  return new Wallet(privateKey);
}

async function entryAt(rpc: string): Promise<NetworkEntry> {
  const provider = rpcProvider(rpc);
  try {
    return (await provider.send("healthchain_network", [])) as NetworkEntry;
  } catch (cause) {
    throw new NoNetwork(rpc, { cause });
  } finally {
    provider.destroy();
  }
}

/** The number of the key's institution, which is accredited and stands if the key is new to the chain. */
async function standIfNew(
  { rpc, stake = DEFAULT_STAKE, say }: JoinOptions,
  key: Wallet,
  addresses: HealthchainAddresses,
): Promise<number> {
  const provider = rpcProvider(rpc);
  try {
    const operator = operatorWallet().connect(provider);
    const contracts = connectHealthchain(addresses, operator);
    const known = await candidateNumber(contracts.validatorRegistry, key.address);
    if (known !== undefined) return known;
    say(`Accrediting ${key.address}, and letting it stand for election ...`);
    const now = (await provider.getBlock("latest"))?.timestamp ?? Date.now() / 1_000;
    await accredit(contracts, operator, key.connect(provider), { stake, now });
    return await candidateOf(contracts.validatorRegistry, key.address);
  } finally {
    provider.destroy();
  }
}

async function candidateNumber(registry: Parameters<typeof candidateOf>[0], wallet: string) {
  try {
    return await candidateOf(registry, wallet);
  } catch (error) {
    if (error instanceof NotAnInstitution) return undefined;
    throw error;
  }
}
