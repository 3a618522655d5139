import {
  type ContractRunner,
  type ContractTransactionReceipt,
  type ContractTransactionResponse,
  isCallException,
} from "ethers";
import { chainErrorOf } from "./chainError.js";

/** A transaction that is in a block and succeeded. */
export interface Mined {
  readonly receipt: ContractTransactionReceipt;
}

/** The transaction was sent but is in no block. */
export class TransactionLost extends Error {
  override readonly name = "TransactionLost";

  constructor(hash: string) {
    super(`Transaction ${hash} was sent but never mined: look it up on another node before sending it again.`);
  }
}

/**
 * Sends one transaction and waits until it is in a block.
 *
 * @param contract what the transaction goes to.
 * @param send calls the contract's function.
 * @throws {ChainError} if the contract refuses, before or after it is mined; {@link TransactionLost}; what the node throws.
 */
export async function mined(
  contract: { readonly runner: ContractRunner | null },
  send: () => Promise<ContractTransactionResponse>,
): Promise<Mined> {
  try {
    const response = await send();
    const receipt = await response.wait();
    if (receipt === null) throw new TransactionLost(response.hash);
    return { receipt };
  } catch (error) {
    throw chainErrorOf(error) ?? chainErrorOf(await replayed(contract.runner, error)) ?? error;
  }
}

/** Why a transaction failed that was accepted and reverted in its block: a receipt does not say, a call after that block does. */
async function replayed(runner: ContractRunner | null, error: unknown): Promise<unknown> {
  if (!isCallException(error) || !error.receipt) return undefined;
  const sent = await runner?.provider?.getTransaction(error.receipt.hash);
  if (!sent) return undefined;
  const { from, to, data, blockNumber } = sent;
  try {
    await runner?.provider?.call({ from, to, data, blockTag: blockNumber ?? "latest" });
    return undefined;
  } catch (reason) {
    return reason;
  }
}
