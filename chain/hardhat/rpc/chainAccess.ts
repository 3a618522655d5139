import type { PooledTransaction } from "../mempool/pooledTransaction.js";

/** What the JSON-RPC front serves. */
export interface ChainAccess {
  /** Asks the EVM. */
  request(method: string, params: readonly unknown[]): Promise<unknown>;

  /**
   * Takes a signed transaction.
   *
   * @returns its hash.
   * @throws {TransactionRejected}
   */
  submit(raw: unknown): Promise<string>;

  /** Resolves when the sender of a transaction that was taken is to get its answer. */
  answerable(): Promise<void>;

  /** A transaction that waits. */
  waiting(hash: string): PooledTransaction | undefined;

  /** The nonce after an account's transactions, those that wait included. */
  nextNonce(address: string): Promise<number>;

  /** What a node that wants to join has to know; undefined where nobody can. */
  readonly network?: unknown;
}
