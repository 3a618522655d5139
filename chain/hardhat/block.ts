import { concat, dataLength, isHexString, keccak256, toBeHex } from "ethers";
import { checksummed } from "../../src/accounts/index.js";

/** A block as the nodes pass it on: all that a replay needs, and what the replay has to arrive at. */
export interface Block {
  readonly number: number;
  /** Hash of the block before it. */
  readonly parentHash: string;
  /** Slot in which it was made. */
  readonly slot: number;
  /** Seconds since 1970: the start of its slot. */
  readonly timestamp: number;
  /** Checksummed address of the leader who made it; the EVM's coinbase. */
  readonly miner: string;
  /** The EVM's PREVRANDAO, see {@link mixHashOf}. */
  readonly mixHash: string;
  /** Signed transactions in hex, in the order of execution. */
  readonly transactions: readonly string[];
  /** Hash of the block's header, which its execution gave. */
  readonly hash: string;
  /** Root of the state after the block. */
  readonly stateRoot: string;
}

/** The JSON is not a block. */
export class BlockMalformed extends Error {
  override readonly name = "BlockMalformed";

  constructor(field: string, expected: string) {
    super(`This is no block: its ${field} is not ${expected}. Drop it, and ask another peer for the block.`);
  }
}

/** Gas that the transactions of a block may use. */
export const BLOCK_GAS_LIMIT = 30_000_000n;

/** Transactions of a block, in bytes, all together. */
export const MAX_BLOCK_BYTES = 1_048_576;

/** Transactions of a block: as many as the gas limit has room for. */
export const MAX_BLOCK_TRANSACTIONS = 1_428;

/**
 * The PREVRANDAO of a block: from what is known before its slot, so that all validators can check it. It follows that
 * everybody can foresee it, and no contract may draw lots with it.
 */
export function mixHashOf(parentHash: string, slot: number): string {
  return keccak256(concat([parentHash, toBeHex(slot, 32)]));
}

/**
 * A block from JSON that nobody has checked: every field in its range, hex in lower case, nothing else kept. Whether it is
 * what it claims, a replay says.
 *
 * @param json what `JSON.parse` gave.
 * @throws {BlockMalformed} naming the field at fault.
 */
export function readBlock(json: unknown): Block {
  const fields = typeof json === "object" && json !== null ? (json as Readonly<Record<string, unknown>>) : {};
  const number = (name: string) => readNumber(fields[name], name);
  const word = (name: string) => readWord(fields[name], name);
  return {
    number: number("number"),
    parentHash: word("parentHash"),
    slot: number("slot"),
    timestamp: number("timestamp"),
    miner: readAddress(fields.miner),
    mixHash: word("mixHash"),
    transactions: readTransactions(fields.transactions),
    hash: word("hash"),
    stateRoot: word("stateRoot"),
  };
}

function readNumber(value: unknown, field: string): number {
  const isNumber = typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
  if (!isNumber) throw new BlockMalformed(field, "a whole number from 0 to 2^53 - 1");
  return value;
}

function readWord(value: unknown, field: string): string {
  if (!isHexString(value, 32)) throw new BlockMalformed(field, "32 bytes in hex");
  return value.toLowerCase();
}

function readAddress(value: unknown): string {
  try {
    return checksummed(String(value), "miner");
  } catch {
    throw new BlockMalformed("miner", "an address");
  }
}

function readTransactions(value: unknown): string[] {
  if (!Array.isArray(value) || value.length > MAX_BLOCK_TRANSACTIONS) {
    throw new BlockMalformed("transactions", `a list of at most ${MAX_BLOCK_TRANSACTIONS}`);
  }
  let bytes = 0;
  return value.map((raw: unknown) => {
    if (!isHexString(raw, true)) throw new BlockMalformed("transactions", "signed transactions in hex");
    bytes += dataLength(raw);
    if (bytes > MAX_BLOCK_BYTES) throw new BlockMalformed("transactions", `at most ${MAX_BLOCK_BYTES} bytes`);
    return raw.toLowerCase();
  });
}
