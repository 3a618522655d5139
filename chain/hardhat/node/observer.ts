import type { DecidedBlock } from "../decided.js";
import { type Ledger, LedgerBroken } from "../ledger/ledger.js";
import { Mempool } from "../mempool/mempool.js";
import type { PooledTransaction } from "../mempool/pooledTransaction.js";
import type { Message } from "../transport/message.js";
import type { Receiver, Transport } from "../transport/transport.js";
import { CatchUp } from "./catchUp.js";
import { Mailbox } from "./mailbox.js";

/** What an observer is made of. */
export interface ObserverParts {
  readonly ledger: Ledger;
  readonly transport: Transport;
  readonly say: (line: string) => void;
  /** Hears of what the node cannot go on after. */
  readonly onFatal: (error: unknown) => void;
}

/** Every so many blocks, what waits is sent to the validators again: one that was down may have missed it. */
const REPEAT_INTERVAL = 4;

/** Transactions that are sent again at once. */
const MAX_REPEATED = 64;

/**
 * A node without a key: it follows the decided blocks by replay, never by trust, and passes users' transactions on. Its
 * replica never holds a speculative block, so users may read from it.
 */
export class ObserverNode implements Receiver {
  readonly ledger: Ledger;
  readonly mempool: Mempool;
  readonly #transport: Transport;
  readonly #say: (line: string) => void;
  readonly #onFatal: (error: unknown) => void;
  readonly #mailbox: Mailbox;
  readonly #catchUp: CatchUp;
  readonly #listeners = new Set<(decided: DecidedBlock) => void>();

  constructor({ ledger, transport, say, onFatal }: ObserverParts) {
    this.ledger = ledger;
    this.#transport = transport;
    this.#say = say;
    this.#onFatal = onFatal;
    this.mempool = new Mempool((address) => ledger.accountOf(address));
    this.#mailbox = new Mailbox((error) => say(`Failed to handle an event: ${String(error)}`));
    this.#catchUp = new CatchUp({
      transport,
      height: () => ledger.head.number,
      append: (decided) => this.#append(decided),
    });
  }

  /** Whether nothing is left to do until the next message. */
  get isIdle(): boolean {
    return this.#mailbox.isIdle && this.#catchUp.isIdle;
  }

  start(): void {
    this.#transport.listen(this);
  }

  async stop(): Promise<void> {
    await this.#transport.close();
    await this.#mailbox.drained();
    await this.ledger.close();
  }

  /** Hears of every block that this node has executed and kept. */
  onBlock(listener: (decided: DecidedBlock) => void): void {
    this.#listeners.add(listener);
  }

  receive(message: Message, from: string): void {
    if (message.kind !== "head") return;
    this.#catchUp.hear(from, message.height);
    this.#catchUp.start();
  }

  read(from: number, count: number): Promise<DecidedBlock[]> {
    return this.ledger.read(from, count);
  }

  /**
   * Takes a user's transaction, and sends it to the validators.
   *
   * @throws {TransactionRejected}
   */
  async submit(raw: unknown): Promise<PooledTransaction> {
    const pooled = await this.mempool.add(raw);
    this.#transport.broadcast({ kind: "transaction", raw: pooled.raw });
    return pooled;
  }

  #append(decided: DecidedBlock): Promise<boolean> {
    return new Promise((resolve) => {
      const isPosted = this.#mailbox.post(async () => {
        try {
          if (decided.block.number > this.ledger.head.number) await this.#keep(decided);
          resolve(true);
        } catch (error) {
          if (error instanceof LedgerBroken) this.#onFatal(error);
          this.#say(String(error));
          resolve(false);
        }
      });
      if (!isPosted) resolve(false);
    });
  }

  async #keep(decided: DecidedBlock): Promise<void> {
    await this.ledger.append(decided);
    await this.mempool.update(decided.block);
    if (decided.block.number % REPEAT_INTERVAL === 0) this.#repeat();
    for (const listener of this.#listeners) listener(decided);
  }

  #repeat(): void {
    for (const { raw } of this.mempool.waiting().slice(0, MAX_REPEATED)) {
      this.#transport.broadcast({ kind: "transaction", raw });
    }
  }
}
