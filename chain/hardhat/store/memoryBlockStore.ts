import type { DecidedBlock } from "../decided.js";
import { BlockOutOfOrder, type BlockStore } from "./blockStore.js";

/** Keeps decided blocks as long as the process lives: for networks that live in it. */
export class MemoryBlockStore implements BlockStore {
  readonly firstHeight: number;
  readonly #blocks: DecidedBlock[] = [];

  constructor(firstHeight: number) {
    this.firstHeight = firstHeight;
  }

  get lastHeight(): number {
    return this.firstHeight + this.#blocks.length - 1;
  }

  async append(decided: DecidedBlock): Promise<void> {
    const { number } = decided.block;
    if (number !== this.lastHeight + 1) throw new BlockOutOfOrder(this.lastHeight + 1, number);
    this.#blocks.push(decided);
  }

  async read(from: number, count: number): Promise<DecidedBlock[]> {
    const start = Math.max(0, from - this.firstHeight);
    return this.#blocks.slice(start, start + count);
  }

  async close(): Promise<void> {}
}
