import { keccak256 } from "ethers";
import { slotOf, slotStart } from "../../../src/consensus/slot.js";
import type { Block } from "../block.js";
import { readTransaction } from "../mempool/pooledTransaction.js";
import { TransactionRejected } from "../mempool/rejection.js";
import { Replica } from "../replica/replica.js";
import type { ChainAccess } from "../rpc/chainAccess.js";

/** Who makes the blocks before there are validators. */
const NOBODY = "0x0000000000000000000000000000000000000001";

/** A chain without validators, for the time before they are elected: each transaction becomes a block of its own, at once. */
export class InstantChain implements ChainAccess {
  readonly blocks: Block[] = [];
  /** Hash of block 0. */
  readonly hash: string;
  readonly #replica: Replica;
  readonly #clock: { readonly genesis: number; readonly slotTime: number };
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(replica: Replica, clock: { genesis: number; slotTime: number }) {
    this.#replica = replica;
    this.#clock = clock;
    this.hash = replica.head.hash;
  }

  /**
   * @param genesis timestamp of block 0, in seconds since 1970; each block is in the slot after its parent's.
   * @param slotTime length of a slot, in seconds.
   */
  static async open(genesis: number, slotTime: number): Promise<InstantChain> {
    return new InstantChain(await Replica.open(genesis), { genesis, slotTime });
  }

  request(method: string, params: readonly unknown[]): Promise<unknown> {
    return this.#replica.request(method, params);
  }

  submit(raw: unknown): Promise<string> {
    const submitted = this.#turn.then(() => this.#mine(readTransaction(raw).raw));
    this.#turn = submitted.catch(() => undefined);
    return submitted;
  }

  /** The transaction is in a block already. */
  async answerable(): Promise<void> {}

  waiting(): undefined {
    return undefined;
  }

  async nextNonce(address: string): Promise<number> {
    return Number(await this.request("eth_getTransactionCount", [address, "latest"]));
  }

  async #mine(transaction: string): Promise<string> {
    const slot = slotOf(0, this.blocks.at(-1)?.slot ?? 0);
    const plan = { slot, timestamp: slotStart(slot, this.#clock), miner: NOBODY, transactions: [transaction] };
    const { block, leftOut } = await this.#replica.build(plan);
    const [refused] = leftOut;
    if (refused !== undefined) {
      await this.#replica.rewind();
      throw new TransactionRejected(refused.refusal ?? "The transaction has no room in a block.");
    }
    await this.#replica.attach(block);
    this.blocks.push(block);
    return keccak256(transaction);
  }
}
