import type { HardhatEthersProvider } from "@nomicfoundation/hardhat-ethers/types";
import { toBeHex } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { type Cost, costOf } from "./trace.js";

/** Enough for every transaction here; saves the estimates. */
const gas = toBeHex(15_000_000);
/** Transactions under way at a time. */
const batch = 250;

/** A transaction, from any account. */
export interface Sending {
  readonly from: string;
  readonly to: string;
  readonly data: string;
}

/** Sends one transaction and says its hash. */
export function send(provider: HardhatEthersProvider, { from, to, data }: Sending): Promise<string> {
  return provider.send("eth_sendTransaction", [{ from, to, data, gas }]);
}

/** Sends one transaction and measures it. */
export async function measure(provider: HardhatEthersProvider, sending: Sending): Promise<Cost> {
  return costOf(provider, await send(provider, sending));
}

/** Sends many transactions; each has to succeed. */
export async function sendAll(provider: HardhatEthersProvider, transactions: readonly Sending[]): Promise<void> {
  for (let i = 0; i < transactions.length; i += batch) {
    await Promise.all(transactions.slice(i, i + batch).map((transaction) => send(provider, transaction)));
  }
}

/** Makes accounts able to send, whoever has their keys, and to pay for it. */
export async function impersonate({ networkHelpers }: NetworkConnection, accounts: readonly string[]): Promise<void> {
  for (const account of accounts) {
    await networkHelpers.impersonateAccount(account);
    await networkHelpers.setBalance(account, 100n * 10n ** 18n);
  }
}
