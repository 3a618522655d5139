import { keccak256 } from "ethers";
import type { EIP1193Provider } from "hardhat/types/providers";
import { type Block, mixHashOf } from "../block.js";
import { openEdr } from "./edr.js";
import {
  type Execution,
  emptyPool,
  execute,
  type Header,
  type LeftOut,
  latestHeader,
  messageOf,
  type ReplicaHead,
  type Setting,
} from "./execution.js";

/** What a new block is to be. */
export interface BlockPlan {
  readonly slot: number;
  /** Seconds since 1970, after the head's. */
  readonly timestamp: number;
  /** Checksummed address of its maker. */
  readonly miner: string;
  /** Signed transactions in hex, in order, each once. */
  readonly transactions: readonly string[];
}

/** A new block on top of the head. */
export interface Built {
  readonly block: Block;
  readonly leftOut: readonly LeftOut[];
}

/** What the own execution of somebody's block says. */
export type Audit = { readonly isValid: true } | { readonly isValid: false; readonly reason: string };

/** The block is not what its execution gives. */
export class BlockInvalid extends Error {
  override readonly name = "BlockInvalid";

  constructor(number: number, reason: string) {
    super(`Block ${number} is refused: ${reason}. Get the block from another peer.`);
  }
}

const VALID: Audit = { isValid: true };

/**
 * One instance of the EVM with a chain of blocks, and at most one speculative block on top of its head: one that was built
 * here, or somebody's that was replayed. Calls are executed one after the other.
 */
export class Replica {
  readonly #edr: EIP1193Provider;
  #head: ReplicaHead;
  /** The way back to the head, once something was executed on it. */
  #snapshot: string | undefined;
  #speculative: Block | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(edr: EIP1193Provider, head: ReplicaHead) {
    this.#edr = edr;
    this.#head = head;
  }

  /** @param initialDate timestamp of block 0, in seconds since 1970: all else about it is fixed. */
  static async open(initialDate: number): Promise<Replica> {
    const edr = await openEdr(initialDate);
    return new Replica(edr, await latestHeader(edr));
  }

  /** The last block that was attached. */
  get head(): ReplicaHead {
    return this.#head;
  }

  /** Asks the EVM. It is for reading: who changes the state with it makes this replica useless. */
  request(method: string, params: readonly unknown[] = []): Promise<unknown> {
    return this.#edr.request({ method, params });
  }

  /**
   * Executes transactions as a new block, which stays speculative until it is attached. What the EVM refuses, and what
   * finds no room, is left out.
   *
   * @throws {BlockInvalid} if not even an empty block can be made: the timestamp is not after the head's.
   */
  build(plan: BlockPlan): Promise<Built> {
    return this.#inTurn(async () => {
      const { slot, timestamp, miner } = plan;
      const setting = { timestamp, miner, mixHash: mixHashOf(this.#head.hash, slot) };
      const { header, included, leftOut } = await this.#executeWhatWorks(setting, plan.transactions);
      const { number, parentHash, hash, stateRoot } = header;
      const block = { number, parentHash, slot, ...setting, transactions: included, hash, stateRoot };
      await this.#require(block, differenceOf(block, header));
      this.#speculative = block;
      return { block, leftOut };
    });
  }

  /** Replays somebody's block on the head. A valid one stays speculative; after any other, nothing has happened. */
  audit(block: Block): Promise<Audit> {
    return this.#inTurn(async () => {
      const fault = await this.#faultIn(block);
      return fault === undefined ? VALID : { isValid: false, reason: fault };
    });
  }

  /**
   * Makes a block the head, for good. The last execution is used again if it was this block's.
   *
   * @throws {BlockInvalid} if its execution gives another block; then nothing has happened.
   */
  attach(block: Block): Promise<void> {
    return this.#inTurn(async () => {
      await this.#require(block, await this.#faultIn(block));
      const { number, hash, stateRoot, timestamp } = block;
      this.#head = { number, hash, stateRoot, timestamp };
      this.#snapshot = undefined;
      this.#speculative = undefined;
    });
  }

  /** Takes the speculative block back, if there is one. */
  rewind(): Promise<void> {
    return this.#inTurn(() => this.#rewind());
  }

  async #require(block: Block, fault: string | undefined): Promise<void> {
    if (fault === undefined) return;
    await this.#rewind();
    throw new BlockInvalid(block.number, fault);
  }

  /** What is wrong with a block; undefined if its replay, which is then speculative, gave every field of it. */
  async #faultIn(block: Block): Promise<string | undefined> {
    if (this.#speculative !== undefined && isSame(this.#speculative, block)) return undefined;
    const fault = await this.#faultInReplay(block);
    if (fault === undefined) this.#speculative = block;
    else await this.#rewind();
    return fault;
  }

  async #faultInReplay(block: Block): Promise<string | undefined> {
    const execution = await this.#attempt(block, block.transactions);
    if (execution instanceof Error) return `the EVM cannot execute it: ${execution.message}`;
    const [missing] = execution.leftOut;
    if (missing === undefined) return differenceOf(block, execution.header);
    return `transaction ${keccak256(missing.transaction)} cannot be in it: ${missing.refusal ?? "it has no room"}`;
  }

  async #executeWhatWorks(setting: Setting, transactions: readonly string[]): Promise<Execution> {
    const poisons: LeftOut[] = [];
    for (let rest = transactions; ; ) {
      const execution = await this.#attempt(setting, rest);
      if (!(execution instanceof Error)) return { ...execution, leftOut: [...execution.leftOut, ...poisons] };
      if (rest.length === 0) throw new BlockInvalid(this.#head.number + 1, execution.message);
      const culprit = (await this.#lengthThatFails(setting, rest)) - 1;
      poisons.push(
        ...rest.slice(culprit, culprit + 1).map((transaction) => ({ transaction, refusal: execution.message })),
      );
      rest = rest.toSpliced(culprit, 1);
    }
  }

  /**
   * The EVM accepts two transactions that together spend more than there is, and then cannot make the block, without
   * saying why. So the shortest beginning of the list that fails is searched for: its last transaction is the culprit.
   */
  async #lengthThatFails(setting: Setting, transactions: readonly string[]): Promise<number> {
    let works = 0;
    let fails = transactions.length;
    while (fails - works > 1) {
      const middle = (works + fails) >> 1;
      const execution = await this.#attempt(setting, transactions.slice(0, middle));
      if (execution instanceof Error) fails = middle;
      else works = middle;
    }
    return fails;
  }

  /** Executes something on the head, whatever was executed on it before. */
  async #attempt(setting: Setting, transactions: readonly string[]): Promise<Execution | Error> {
    await this.#rewind();
    await emptyPool(this.#edr);
    this.#snapshot = String(await this.request("evm_snapshot"));
    try {
      return await execute(this.#edr, setting, transactions);
    } catch (error) {
      return new Error(messageOf(error));
    }
  }

  async #rewind(): Promise<void> {
    this.#speculative = undefined;
    if (this.#snapshot !== undefined) await this.request("evm_revert", [this.#snapshot]);
    this.#snapshot = undefined;
  }

  #inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(act);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

/** What a block claims that its execution does not give. */
function differenceOf(block: Block, header: Header): string | undefined {
  const fields = ["number", "parentHash", "timestamp", "miner", "mixHash", "stateRoot", "hash"] as const;
  const field = fields.find((name) => block[name] !== header[name]);
  return field && `its ${field} is ${block[field]}, its execution gives ${header[field]}`;
}

function isSame(a: Block, b: Block): boolean {
  const { transactions, ...fields } = a;
  const isEqual = Object.entries(fields).every(([name, value]) => b[name as keyof Block] === value);
  return (
    isEqual &&
    transactions.length === b.transactions.length &&
    transactions.every((raw, i) => raw === b.transactions[i])
  );
}
