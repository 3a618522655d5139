import { accessListify, dataLength, getBytes, isHexString, Transaction } from "ethers";
import { BLOCK_GAS_LIMIT } from "../block.js";
import { CHAIN_ID } from "../replica/edr.js";
import { ChainMismatch, GasOutOfRange, TransactionMalformed } from "./rejection.js";

/** A signed transaction that could be executed, as far as it shows by itself. */
export interface PooledTransaction {
  readonly hash: string;
  /** As it was signed, in lower-case hex. */
  readonly raw: string;
  /** Checksummed address of its sender. */
  readonly from: string;
  readonly nonce: number;
  readonly gasLimit: bigint;
  /** What it offers for a unit of gas at most, in wei. */
  readonly price: bigint;
  /** What it may cost its sender, value included, in wei. */
  readonly cost: bigint;
  readonly transaction: Transaction;
}

/** Legacy, with an access list, and EIP-1559: what needs nothing beside the block. */
const TYPES: readonly (number | null)[] = [0, 1, 2];

const MAX_BYTES = 131_072;
const MAX_INIT_CODE = 49_152;

/**
 * A transaction from bytes that nobody has checked.
 *
 * @param raw a signed transaction in hex.
 * @throws {TransactionMalformed}, {@link ChainMismatch} or {@link GasOutOfRange}.
 */
export function readTransaction(raw: unknown): PooledTransaction {
  if (!isHexString(raw, true) || raw.length < 4) throw new TransactionMalformed("it is not given as hex");
  if (dataLength(raw) > MAX_BYTES) throw new TransactionMalformed(`it has more than ${MAX_BYTES} bytes`);
  const { transaction, hash, from } = parse(raw.toLowerCase());
  const { chainId, gasLimit, value } = transaction;
  if (chainId !== BigInt(CHAIN_ID)) throw new ChainMismatch(CHAIN_ID, chainId);
  checkGas(transaction);
  const price = transaction.maxFeePerGas ?? transaction.gasPrice ?? 0n;
  const cost = value + gasLimit * price;
  return { hash, raw: raw.toLowerCase(), from, nonce: transaction.nonce, gasLimit, price, cost, transaction };
}

interface Parsed {
  readonly transaction: Transaction;
  readonly hash: string;
  readonly from: string;
}

function parse(raw: string): Parsed {
  try {
    const transaction = Transaction.from(raw);
    // The sender is recovered only here, and a signature that is no point of the curve fails only then.
    const { hash, from } = transaction;
    const isWhole = transaction.serialized === raw && TYPES.includes(transaction.type);
    if (isWhole && hash !== null && from !== null) return { transaction, hash, from };
  } catch {
    // It is reported below.
  }
  throw new TransactionMalformed("its encoding or its signature is wrong, or its type is not 0, 1 or 2");
}

function checkGas(transaction: Transaction): void {
  const { gasLimit, to, data } = transaction;
  if (to === null && dataLength(data) > MAX_INIT_CODE) {
    throw new TransactionMalformed(
      `max initcode size exceeded: the code that creates the contract has more than ${MAX_INIT_CODE} bytes`,
    );
  }
  if (gasLimit > BLOCK_GAS_LIMIT) throw GasOutOfRange.aboveLimit(BLOCK_GAS_LIMIT);
  const intrinsic = intrinsicGas(transaction);
  if (gasLimit < intrinsic) throw GasOutOfRange.belowIntrinsic(intrinsic);
}

/** What a transaction costs before its first instruction, on the Cancun EVM. */
function intrinsicGas({ to, data, accessList }: Transaction): bigint {
  const bytes = getBytes(data);
  const zeros = bytes.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
  const forData = 4 * zeros + 16 * (bytes.length - zeros);
  const forCreation = to === null ? 32_000 + 2 * Math.ceil(bytes.length / 32) : 0;
  const entries = accessListify(accessList ?? []);
  const forList = entries.reduce((gas, { storageKeys }) => gas + 2_400 + 1_900 * storageKeys.length, 0);
  return BigInt(21_000 + forData + forCreation + forList);
}
