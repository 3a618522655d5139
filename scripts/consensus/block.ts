import { NIL, type Value } from "../../src/consensus/value.js";

/** A block, as far as agreement is concerned. */
export interface Block {
  readonly value: Value;
  readonly height: number;
  readonly slot: number;
  /** Seat of the leader who made it. */
  readonly maker: number;
  /** Hash of the block before it. */
  readonly parent: string;
  /** What every honest execution finds. */
  readonly isSound: boolean;
}

/** The block before the first. */
export const GENESIS: Block = { value: NIL, height: 0, slot: -1, maker: 0, parent: "", isSound: true };

/** All blocks that anybody made, by hash. */
export class Blocks {
  readonly #blocks = new Map<string, Block>();
  readonly #after = new Map<string, Block[]>();

  make(parent: Block, slot: number, maker: number, isSound: boolean): Block {
    const value = { blockHash: `block ${this.#blocks.size}`, stateRoot: "state", leadersHash: "leaders" };
    const block = { value, height: parent.height + 1, slot, maker, parent: parent.value.blockHash, isSound };
    this.#blocks.set(value.blockHash, block);
    this.#after.set(block.parent, [...this.after(parent), block]);
    return block;
  }

  /** All blocks that follow a block. */
  after(parent: Block): readonly Block[] {
    return this.#after.get(parent.value.blockHash) ?? [];
  }

  /** The block that a value names. */
  of({ blockHash }: Value): Block | undefined {
    return this.#blocks.get(blockHash);
  }

  /** Whether an honest execution of the block gives this value. */
  isTrue(value: Value): boolean {
    const block = this.of(value);
    return (
      block?.isSound === true &&
      block.value.stateRoot === value.stateRoot &&
      block.value.leadersHash === value.leadersHash
    );
  }
}
