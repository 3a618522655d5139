import { keccak256 } from "ethers";
import { BLOCK_GAS_LIMIT, type Block, MAX_BLOCK_BYTES, MAX_BLOCK_TRANSACTIONS } from "../block.js";
import { type PooledTransaction, readTransaction } from "./pooledTransaction.js";
import { InsufficientFunds, NonceTooLow, PoolFull, ReplacementUnderpriced, TransactionKnown } from "./rejection.js";

/** What an account is at the head. */
export interface AccountState {
  /** The nonce of its next transaction. */
  readonly nonce: number;
  /** In wei. */
  readonly balance: bigint;
}

/** What is left of a block for its users' transactions. */
export interface BlockSpace {
  readonly gas: bigint;
  readonly bytes: number;
  readonly transactions: number;
}

/** All of a block. */
export const WHOLE_BLOCK: BlockSpace = {
  gas: BLOCK_GAS_LIMIT,
  bytes: MAX_BLOCK_BYTES,
  transactions: MAX_BLOCK_TRANSACTIONS,
};

const MAX_TRANSACTIONS = 4_096;
const MAX_OF_SENDER = 256;
/** Blocks after which all that waits is looked through. */
const PRUNE_INTERVAL = 16;

interface Waiting extends PooledTransaction {
  /** The order of arrival. */
  readonly arrival: number;
}

type BySender = Map<number, Waiting>;

/**
 * The transactions that wait to be executed. They are taken in the order of their arrival (gas is free, so no price puts
 * one before another) and, of one sender, in the order of their nonces; one that came too early waits for those before it.
 */
export class Mempool {
  readonly #accountOf: (address: string) => Promise<AccountState>;
  readonly #byHash = new Map<string, Waiting>();
  readonly #bySender = new Map<string, BySender>();
  #arrivals = 0;

  /** @param accountOf reads an account at the head. */
  constructor(accountOf: (address: string) => Promise<AccountState>) {
    this.#accountOf = accountOf;
  }

  /** How many wait. */
  get size(): number {
    return this.#byHash.size;
  }

  /** All that waits. */
  waiting(): PooledTransaction[] {
    return [...this.#byHash.values()];
  }

  /** A transaction that waits. */
  get(hash: string): PooledTransaction | undefined {
    return this.#byHash.get(hash);
  }

  /**
   * Takes a transaction in. It takes the place of one that waits with the same nonce if it offers a tenth more.
   *
   * @param raw a signed transaction in hex; it may come from anyone.
   * @throws {TransactionRejected}: each reason is a class of its own, with a code for JSON-RPC.
   */
  async add(raw: unknown): Promise<PooledTransaction> {
    const pooled = readTransaction(raw);
    const account = await this.#accountOf(pooled.from);
    this.#check(pooled, account);
    const { from, nonce } = pooled;
    const ofSender = this.#bySender.get(from) ?? new Map<number, Waiting>();
    const replaced = ofSender.get(nonce);
    if (replaced !== undefined) this.#byHash.delete(replaced.hash);
    const waiting = { ...pooled, arrival: replaced?.arrival ?? this.#arrivals++ };
    this.#bySender.set(from, ofSender.set(nonce, waiting));
    this.#byHash.set(waiting.hash, waiting);
    return pooled;
  }

  /** The nonce after all of an account's transactions that can be executed one after the other. */
  async nextNonce(address: string): Promise<number> {
    const { nonce } = await this.#accountOf(address);
    return nonce + runFrom(this.#bySender.get(address), nonce).length;
  }

  /** What a leader is to execute, in order, as far as there is room. */
  async pick({ gas, bytes, transactions }: BlockSpace): Promise<PooledTransaction[]> {
    const picked: PooledTransaction[] = [];
    const stopped = new Set<string>();
    let left = { gas, bytes };
    for (const waiting of await this.#executable()) {
      if (picked.length === transactions) break;
      const size = waiting.raw.length / 2 - 1;
      const fits = waiting.gasLimit <= left.gas && size <= left.bytes;
      if (!fits) stopped.add(waiting.from);
      if (stopped.has(waiting.from)) continue;
      left = { gas: left.gas - waiting.gasLimit, bytes: left.bytes - size };
      picked.push(waiting);
    }
    return picked;
  }

  /** Forgets transactions that cannot be executed. */
  drop(hashes: Iterable<string>): void {
    for (const hash of hashes) this.#delete(this.#byHash.get(hash));
  }

  /** Forgets what is in a new block, and what became impossible by it. */
  async update({ number, transactions }: Block): Promise<void> {
    const hashes = transactions.map((raw) => keccak256(raw));
    // A transaction that never waited here may have used up the nonce of one that does.
    const isSurprising = hashes.some((hash) => !this.#byHash.has(hash));
    this.drop(hashes);
    if (isSurprising || number % PRUNE_INTERVAL === 0) await this.#prune();
  }

  #check(pooled: PooledTransaction, { nonce, balance }: AccountState): void {
    if (this.#byHash.has(pooled.hash)) throw new TransactionKnown(pooled.hash);
    if (pooled.nonce < nonce) throw new NonceTooLow(pooled.nonce, nonce);
    const others = [...(this.#bySender.get(pooled.from)?.values() ?? [])];
    const replaced = others.find((other) => other.nonce === pooled.nonce);
    if (replaced !== undefined) requirePriceAbove(replaced, pooled);
    const cost = others.reduce((sum, other) => (other === replaced ? sum : sum + other.cost), pooled.cost);
    if (cost > balance) throw new InsufficientFunds(cost, balance);
    if (replaced !== undefined) return;
    if (others.length >= MAX_OF_SENDER) throw PoolFull.ofSender(MAX_OF_SENDER);
    if (this.size >= MAX_TRANSACTIONS) throw PoolFull.ofAll();
  }

  /** All that could be executed now, in the order of arrival, but none before another one of its sender's. */
  async #executable(): Promise<Waiting[]> {
    const ranked: { readonly waiting: Waiting; readonly rank: number }[] = [];
    for (const [address, ofSender] of this.#bySender) {
      const { nonce, balance } = await this.#accountOf(address);
      let rank = 0;
      let cost = 0n;
      for (const waiting of runFrom(ofSender, nonce)) {
        cost += waiting.cost;
        if (cost > balance) break;
        rank = Math.max(rank, waiting.arrival);
        ranked.push({ waiting, rank });
      }
    }
    return ranked.sort((a, b) => a.rank - b.rank).map(({ waiting }) => waiting);
  }

  async #prune(): Promise<void> {
    for (const [address, ofSender] of [...this.#bySender]) {
      const { nonce, balance } = await this.#accountOf(address);
      for (const waiting of ofSender.values()) {
        if (waiting.nonce < nonce || waiting.cost > balance) this.#delete(waiting);
      }
    }
  }

  #delete(waiting: Waiting | undefined): void {
    if (waiting === undefined) return;
    const { hash, from, nonce } = waiting;
    this.#byHash.delete(hash);
    const ofSender = this.#bySender.get(from);
    ofSender?.delete(nonce);
    if (ofSender?.size === 0) this.#bySender.delete(from);
  }
}

/** What waits with this nonce, and the next, and so on. */
function runFrom(ofSender: BySender | undefined, nonce: number): Waiting[] {
  const run: Waiting[] = [];
  for (let next = ofSender?.get(nonce); next !== undefined; next = ofSender?.get(nonce + run.length)) run.push(next);
  return run;
}

function requirePriceAbove(replaced: PooledTransaction, { price }: PooledTransaction): void {
  const tenthMore = (replaced.price * 11n + 9n) / 10n;
  const required = tenthMore > replaced.price ? tenthMore : replaced.price + 1n;
  if (price < required) throw new ReplacementUnderpriced(required);
}
