import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { type AccountStore, openStore } from "../src/accounts/index.js";
import { required } from "./arguments/argumentInvalid.js";
import { secretOf } from "./secret.js";

/** There is no passphrase for the store, and nobody to ask. */
export class PassphraseMissing extends Error {
  override readonly name = "PassphraseMissing";

  constructor() {
    super("The store's passphrase is missing: set HEALTHCHAIN_STORE_PASSPHRASE, or run the command in a terminal.");
  }
}

/**
 * Does `work` with the account center's store, and closes it.
 *
 * @param file the value of `--store`.
 * @throws {PassphraseMissing}, and what opening the store throws.
 */
export async function withStore<T>(
  hre: HardhatRuntimeEnvironment,
  file: string | undefined,
  work: (store: AccountStore) => T | Promise<T>,
): Promise<T> {
  const path = required(file, "store", "the file of the account center's encrypted store");
  const store = openStore({ path, passphrase: await passphrase(hre) });
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** The passphrase from the environment, or from whoever sits at the terminal. */
export async function passphrase(hre: HardhatRuntimeEnvironment): Promise<string> {
  const set = await secretOf("HEALTHCHAIN_STORE_PASSPHRASE");
  if (set !== undefined) return set;
  if (!process.stdin.isTTY || !process.stdout.isTTY) throw new PassphraseMissing();
  return hre.interruptions.requestSecretInput("healthchain", "Passphrase of the account center's store");
}
