import type { HDNodeWallet, TransactionRequest, Wallet } from "ethers";
import { developmentWallets } from "../../../chain/hardhat/developmentAccounts.js";
import { CHAIN_ID } from "../../../chain/hardhat/replica/edr.js";

/** When the tests' chains begin, in seconds since 1970. */
export const START = 1_700_000_000;

export const wallets = developmentWallets();

/** A development wallet; there are 20. */
export function wallet(index: number): HDNodeWallet {
  const found = wallets[index];
  if (found === undefined) throw new Error(`There is no development account ${index}.`);
  return found;
}

/** A signed transfer of 1 wei from one development account to another, at no price. */
export function transfer(from: HDNodeWallet | Wallet, nonce: number, fields: TransactionRequest = {}): Promise<string> {
  return from.signTransaction({
    type: 2,
    chainId: CHAIN_ID,
    nonce,
    to: wallet(19).address,
    value: 1n,
    gasLimit: 21_000n,
    maxFeePerGas: 0n,
    maxPriorityFeePerGas: 0n,
    ...fields,
  });
}
