import { existsSync } from "node:fs";
import { readFile, realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { replaceFile } from "./durableFile.js";
import { SigningGuardExists, SigningGuardInUse, SigningGuardMissing, SigningGuardUnwritable } from "./errors.js";
import { takeExclusively } from "./exclusiveFile.js";
import { type RecordOwner, readRecord, recordText } from "./recordFile.js";
import { RecordingGuard, type SigningKey } from "./recordingGuard.js";
import { NOTHING_SIGNED, type SigningRecord } from "./signingRecord.js";

/** Where a guard keeps its record, and what it signs with. */
export interface FileGuardOptions extends SigningKey {
  /** Path of the record; beside it, `.lock` holds other nodes off. Never copy it to run a second node, never restore an old one. */
  readonly file: string;
}

/** A guard whose record is a file: written, synced and renamed before a signature leaves. One process at a time has it. */
export class FileSigningGuard extends RecordingGuard {
  readonly #file: string;
  readonly #owner: RecordOwner;
  readonly #release: () => void;
  #isClosed = false;

  private constructor(held: HeldFile, { key, domain }: SigningKey, owner: RecordOwner, record: SigningRecord) {
    super(owner.signer, { key, domain }, record);
    this.#file = held.file;
    this.#release = held.release;
    this.#owner = owner;
  }

  /**
   * Makes the guard of a key that has never signed on this chain, and opens it.
   *
   * @throws {SigningGuardExists}, {@link SigningGuardInUse} or {@link SigningGuardUnwritable}.
   */
  static async create(options: FileGuardOptions): Promise<FileSigningGuard> {
    const owner = await ownerOf(options);
    return holding(resolve(options.file), async (held) => {
      if (existsSync(held.file)) throw new SigningGuardExists(held.file);
      await write(held.file, owner, NOTHING_SIGNED);
      return new FileSigningGuard(held, options, owner, NOTHING_SIGNED);
    });
  }

  /**
   * Opens the guard of a key that has signed before.
   *
   * @throws {SigningGuardMissing}, {@link SigningGuardInUse}, {@link SigningGuardDamaged} or {@link SigningGuardUnwritable}.
   */
  static async open(options: FileGuardOptions): Promise<FileSigningGuard> {
    const owner = await ownerOf(options);
    const file = await existing(options.file);
    return holding(file, async (held) => {
      const record = readRecord(await read(file), owner, file);
      return new FileSigningGuard(held, options, owner, record);
    });
  }

  /** Lets another process open the guard. What is asked of it afterwards is refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.idle();
    this.#release();
  }

  protected override async keep(record: SigningRecord): Promise<void> {
    if (this.#isClosed) throw new SigningGuardUnwritable(this.#file, "it was closed");
    await write(this.#file, this.#owner, record);
  }
}

interface HeldFile {
  readonly file: string;
  readonly release: () => void;
}

async function ownerOf({ key, domain }: SigningKey): Promise<RecordOwner> {
  return { signer: await key.getAddress(), domain };
}

/** One file must have one lock, by whichever path it is reached. */
async function existing(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    throw new SigningGuardMissing(path, { cause: error });
  }
}

async function holding<T>(file: string, work: (held: HeldFile) => Promise<T>): Promise<T> {
  const release = take(file);
  if (release === undefined) throw new SigningGuardInUse(file);
  try {
    return await work({ file, release });
  } catch (error) {
    release();
    throw error;
  }
}

function take(file: string): (() => void) | undefined {
  try {
    return takeExclusively(`${file}.lock`);
  } catch (error) {
    throw unwritable(file, error);
  }
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw unwritable(file, error);
  }
}

async function write(file: string, owner: RecordOwner, record: SigningRecord): Promise<void> {
  try {
    await replaceFile(file, recordText(owner, record));
  } catch (error) {
    throw unwritable(file, error);
  }
}

function unwritable(file: string, error: unknown): SigningGuardUnwritable {
  return new SigningGuardUnwritable(file, error instanceof Error ? error.message : String(error), { cause: error });
}
