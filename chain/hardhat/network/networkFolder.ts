import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Wallet } from "ethers";
import { replaceFile } from "../../../src/consensus/guard/durableFile.js";
import { type Genesis, readGenesis } from "../genesis/genesis.js";

/** The folder of a network was made for another number of validators. */
export class ValidatorsMismatch extends Error {
  override readonly name = "ValidatorsMismatch";

  constructor(folder: string, found: number, asked: number) {
    super(
      `The network in ${folder} was begun with ${found} validators, not ${asked}: give that number to go on with it, or ` +
        "another folder for a new network.",
    );
  }
}

/** The files of a network: its genesis, its validators' keys, and what each node keeps. */
export class NetworkFolder {
  /** Absolute. */
  readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
  }

  /** Whether a network was begun here. */
  get isBegun(): boolean {
    return existsSync(this.#genesisFile);
  }

  /** Blocks of the gateway's observer. */
  get blocksFile(): string {
    return join(this.path, "blocks.jsonl");
  }

  /** What a validator keeps; it is numbered from 1. */
  validatorFolder(number: number): string {
    return join(this.path, `validator-${number}`);
  }

  /** A validator's private key, which is its institution's. */
  keyFile(number: number): string {
    return join(this.validatorFolder(number), "key");
  }

  /** Makes new keys, readable for this user only. */
  async createKeys(count: number): Promise<Wallet[]> {
    const keys = Array.from({ length: count }, () => new Wallet(Wallet.createRandom().privateKey));
    for (const [index, { privateKey }] of keys.entries()) {
      await mkdir(this.validatorFolder(index + 1), { recursive: true, mode: 0o700 });
      await writeFile(this.keyFile(index + 1), `${privateKey}\n`, { mode: 0o600 });
    }
    return keys;
  }

  /** Written last: only with it, a network was begun. */
  async keepGenesis(genesis: Genesis): Promise<void> {
    await replaceFile(this.#genesisFile, `${JSON.stringify(genesis)}\n`);
  }

  /**
   * The genesis of the network that was begun here.
   *
   * @param validators how many are asked for now.
   * @throws {ValidatorsMismatch} or {@link GenesisInvalid}.
   */
  async readGenesis(validators: number): Promise<Genesis> {
    let found = 0;
    while (existsSync(this.keyFile(found + 1))) found += 1;
    if (found !== validators) throw new ValidatorsMismatch(this.path, found, validators);
    return readGenesis(JSON.parse(await readFile(this.#genesisFile, "utf8")));
  }

  get #genesisFile(): string {
    return join(this.path, "genesis.json");
  }
}
