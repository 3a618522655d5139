import { type FileHandle, open } from "node:fs/promises";
import { takeExclusively } from "../../../src/consensus/guard/exclusiveFile.js";
import { type DecidedBlock, readDecidedBlock } from "../decided.js";
import { BlockOutOfOrder, type BlockStore } from "./blockStore.js";

/** A block in the file cannot be read. */
export class BlockStoreDamaged extends Error {
  override readonly name = "BlockStoreDamaged";

  constructor(file: string, height: number) {
    super(
      `The block store ${file} is damaged at block ${height}. Move the file away and start the node again: it gets the ` +
        "blocks from its peers. Leave the signing guard where it is.",
    );
  }
}

/** Another node holds the file. */
export class BlockStoreInUse extends Error {
  override readonly name = "BlockStoreInUse";

  constructor(file: string) {
    super(
      `Another process uses the block store ${file}: a node's folder, and a validator's key, work in one process at a ` +
        "time. Stop the other one first.",
    );
  }
}

/** Where a block's line is in the file, in bytes. */
interface Line {
  readonly start: number;
  readonly length: number;
}

interface OpenFile {
  readonly path: string;
  readonly file: FileHandle;
  readonly lines: Line[];
  readonly release: () => void;
}

const NEWLINE = 0x0a;
const CHUNK = 1 << 20;

/**
 * Keeps decided blocks in a file that only grows: one line of JSON for each, synced before `append` resolves. A last line
 * that a crash cut short was never acknowledged, so it is taken off when the file is opened; therefore one process at a time
 * has it.
 */
export class FileBlockStore implements BlockStore {
  readonly firstHeight: number;
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #lines: Line[];
  readonly #release: () => void;

  private constructor({ path, file, lines, release }: OpenFile, firstHeight: number) {
    this.#path = path;
    this.#file = file;
    this.firstHeight = firstHeight;
    this.#lines = lines;
    this.#release = release;
  }

  /**
   * Opens the store, or makes a new one.
   *
   * @param path of the file; its folder exists. Beside it, `.lock` holds other nodes off.
   * @param firstHeight height of its first block.
   * @throws {BlockStoreInUse}
   */
  static async open(path: string, firstHeight: number): Promise<FileBlockStore> {
    const release = takeExclusively(`${path}.lock`);
    if (release === undefined) throw new BlockStoreInUse(path);
    try {
      const file = await open(path, "a+", 0o600);
      const lines = await linesOf(file);
      await file.truncate(endOf(lines));
      return new FileBlockStore({ path, file, lines, release }, firstHeight);
    } catch (error) {
      release();
      throw error;
    }
  }

  get lastHeight(): number {
    return this.firstHeight + this.#lines.length - 1;
  }

  async append(decided: DecidedBlock): Promise<void> {
    const { number } = decided.block;
    if (number !== this.lastHeight + 1) throw new BlockOutOfOrder(this.lastHeight + 1, number);
    const line = Buffer.from(`${JSON.stringify(decided)}\n`);
    const start = endOf(this.#lines);
    try {
      await this.#file.appendFile(line);
      await this.#file.datasync();
    } catch (error) {
      // Half a line in the middle of the file would spoil all that follow.
      await this.#file.truncate(start);
      throw error;
    }
    this.#lines.push({ start, length: line.length });
  }

  /** @throws {BlockStoreDamaged} if a block cannot be read, or is another than its place says. */
  async read(from: number, count: number): Promise<DecidedBlock[]> {
    const first = Math.max(from, this.firstHeight);
    const lines = this.#lines.slice(first - this.firstHeight, first - this.firstHeight + count);
    const blocks: DecidedBlock[] = [];
    for (const line of lines) blocks.push(await this.#readAt(line, first + blocks.length));
    return blocks;
  }

  async close(): Promise<void> {
    await this.#file.close();
    this.#release();
  }

  async #readAt({ start, length }: Line, height: number): Promise<DecidedBlock> {
    const { buffer } = await this.#file.read(Buffer.alloc(length), 0, length, start);
    try {
      const decided = readDecidedBlock(JSON.parse(buffer.toString()));
      if (decided.block.number === height) return decided;
    } catch {
      // It is reported below.
    }
    throw new BlockStoreDamaged(this.#path, height);
  }
}

function endOf(lines: readonly Line[]): number {
  const last = lines.at(-1);
  return last === undefined ? 0 : last.start + last.length;
}

/** The lines that are complete. */
async function linesOf(file: FileHandle): Promise<Line[]> {
  const lines: Line[] = [];
  const chunk = Buffer.alloc(CHUNK);
  for (let position = 0, start = 0; ; ) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK, position);
    if (bytesRead === 0) return lines;
    const read = chunk.subarray(0, bytesRead);
    for (let at = read.indexOf(NEWLINE); at >= 0; at = read.indexOf(NEWLINE, at + 1)) {
      const end = position + at + 1;
      lines.push({ start, length: end - start });
      start = end;
    }
    position += bytesRead;
  }
}
