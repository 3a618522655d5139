import type { DecidedBlock } from "../decided.js";

/** Where a node keeps the decided blocks: without a gap, from the first that was decided to the last. */
export interface BlockStore {
  /** Height of the first block that is or will be kept. */
  readonly firstHeight: number;

  /** Height of the last block that is kept; one below the first while there is none. */
  readonly lastHeight: number;

  /**
   * Keeps the next block. When this resolves, a crash does not lose it any more.
   *
   * @throws {BlockOutOfOrder} if it is not the one after the last.
   */
  append(decided: DecidedBlock): Promise<void>;

  /**
   * The blocks from a height on, as far as there are any.
   *
   * @param from height of the first.
   * @param count how many at most.
   */
  read(from: number, count: number): Promise<DecidedBlock[]>;

  close(): Promise<void>;
}

/** The block is not the one after the last that is kept. */
export class BlockOutOfOrder extends Error {
  override readonly name = "BlockOutOfOrder";

  constructor(expected: number, got: number) {
    super(`The next block to be kept is ${expected}, not ${got}: append the ones before it first, and each once.`);
  }
}
