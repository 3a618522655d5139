import { concat, keccak256, toUtf8Bytes, Wallet } from "ethers";
import { slotStart } from "../../../src/consensus/slot.js";
import { BLOCK_GAS_LIMIT, type Block } from "../block.js";
import type { Certificate } from "../decided.js";
import type { Ledger } from "../ledger/ledger.js";
import { type Mempool, WHOLE_BLOCK } from "../mempool/mempool.js";
import type { PooledTransaction } from "../mempool/pooledTransaction.js";
import type { Built } from "../replica/replica.js";
import type { EvidencePool } from "./evidencePool.js";
import { type SystemCall, signCalls, systemCalls } from "./systemTransactions.js";

/** What a block maker works with. */
export interface BlockMakerParts {
  /** The leader's key. */
  readonly key: Wallet;
  readonly ledger: Ledger;
  /** Milliseconds that the execution may take, or the block is made without users' transactions; no limit by default. */
  readonly patience?: number;
  readonly say: (line: string) => void;
}

/** Gas that any machine executes in time. */
const LIGHT = 1_000_000n;

/** Makes a leader's blocks: first what the consensus needs, then what the users sent. */
export class BlockMaker {
  readonly #parts: BlockMakerParts;
  readonly #mempool: Mempool;
  readonly #evidence: EvidencePool;
  readonly #systemKey: Wallet;
  /** Users' transactions in a block at most: fewer after a block that took too long, more again after one that did not. */
  #most = WHOLE_BLOCK.transactions;

  constructor(parts: BlockMakerParts, mempool: Mempool, evidence: EvidencePool) {
    this.#parts = parts;
    this.#mempool = mempool;
    this.#evidence = evidence;
    this.#systemKey = systemKeyOf(parts.key);
  }

  /**
   * Makes the block of a slot that this leader's turn is.
   *
   * @param certificate of the head, with the comparisons that came late; the ledger's by default.
   */
  async make(slot: number, certificate: Certificate | undefined): Promise<Block> {
    const { ledger, patience = Number.POSITIVE_INFINITY } = this.#parts;
    const calls = await systemCalls(ledger, slotStart(slot, ledger.clock), certificate, this.#evidence);
    const { nonce } = await ledger.accountOf(this.#systemKey.address);
    const system = await signCalls(this.#systemKey, nonce, calls);
    const space = spaceBeside(system, calls);
    const most = Math.min(space.transactions, this.#most);
    const picked = await this.#mempool.pick({ ...space, transactions: most });
    const begun = performance.now();
    const built = await this.#build(slot, [...system, ...picked.map(({ raw }) => raw)]);
    const inTime = performance.now() - begun <= patience;
    this.#most = inTime ? Math.min(2 * most, WHOLE_BLOCK.transactions) : Math.max(1, Math.floor(picked.length / 2));
    const [only, ...others] = picked;
    if (inTime || only === undefined) return built.block;
    // One of little gas is not to blame: the machine is slow.
    if (others.length === 0 && only.gasLimit <= LIGHT) return built.block;
    if (others.length === 0) this.#throwOut(only);
    return (await this.#build(slot, system)).block;
  }

  async #build(slot: number, transactions: readonly string[]): Promise<Built> {
    const built = await this.#parts.ledger.build(slot, this.#parts.key.address, transactions);
    const refused = built.leftOut.filter(({ refusal }) => refusal !== undefined);
    for (const { transaction, refusal } of refused) {
      this.#parts.say(`Left out transaction ${keccak256(transaction)}: ${refusal}`);
    }
    this.#mempool.drop(refused.map(({ transaction }) => keccak256(transaction)));
    return built;
  }

  /** A transaction that takes longer than a slot has time for would take it in every slot, and stop the chain. */
  #throwOut({ hash }: PooledTransaction): void {
    this.#parts.say(`Threw out transaction ${hash}: it takes too long to execute`);
    this.#mempool.drop([hash]);
  }
}

/**
 * The account that sends a leader's own transactions. It is not the validator's, so that its operator can send transactions
 * at the same time without that the two take each other's nonces. Everybody may send these calls.
 */
function systemKeyOf(key: Wallet): Wallet {
  return new Wallet(keccak256(concat([key.privateKey, toUtf8Bytes("healthchain system transactions")])));
}

function spaceBeside(system: readonly string[], calls: readonly SystemCall[]) {
  return {
    gas: BLOCK_GAS_LIMIT - calls.reduce((sum, { gasLimit }) => sum + gasLimit, 0n),
    bytes: WHOLE_BLOCK.bytes - system.reduce((sum, raw) => sum + raw.length / 2 - 1, 0),
    transactions: WHOLE_BLOCK.transactions - system.length,
  };
}
