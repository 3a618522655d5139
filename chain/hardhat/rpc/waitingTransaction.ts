import { toQuantity } from "ethers";
import type { PooledTransaction } from "../mempool/pooledTransaction.js";

/** A transaction that is in no block yet, as JSON-RPC says it. */
export function waitingTransaction({ transaction, hash, from }: PooledTransaction): Readonly<Record<string, unknown>> {
  const { type, nonce, to, value, data, gasLimit, gasPrice, chainId, accessList, signature } = transaction;
  const { maxFeePerGas, maxPriorityFeePerGas } = transaction;
  return {
    hash,
    type: toQuantity(type ?? 0),
    chainId: toQuantity(chainId),
    nonce: toQuantity(nonce),
    from,
    to,
    value: toQuantity(value),
    input: data,
    gas: toQuantity(gasLimit),
    gasPrice: toQuantity(gasPrice ?? maxFeePerGas ?? 0n),
    ...(type === 2 && {
      maxFeePerGas: toQuantity(maxFeePerGas ?? 0n),
      maxPriorityFeePerGas: toQuantity(maxPriorityFeePerGas ?? 0n),
    }),
    ...(accessList && { accessList }),
    v: toQuantity(type === 0 ? (signature?.networkV ?? signature?.v ?? 0) : (signature?.yParity ?? 0)),
    r: toQuantity(signature?.r ?? "0x0"),
    s: toQuantity(signature?.s ?? "0x0"),
    ...(type !== 0 && { yParity: toQuantity(signature?.yParity ?? 0) }),
    blockHash: null,
    blockNumber: null,
    transactionIndex: null,
  };
}
