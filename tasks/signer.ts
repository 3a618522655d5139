import { type Provider, type Signer, Wallet } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { checksummed, walletAddressAt, walletSignerAt, xpubOf } from "../src/accounts/index.js";
import { type SecretName, secretOf } from "./secret.js";

/** How many wallets of a phrase an address is looked for in. */
const SEARCHED_WALLETS = 100;

/** There is no account to sign with. */
export class SignerUnknown extends Error {
  override readonly name = "SignerUnknown";

  constructor(from: string, accounts: number) {
    const network =
      accounts === 0 ? "The network has no accounts" : `The network has the accounts 0 to ${accounts - 1}`;
    super(
      `Nobody can sign as ${from}. ${network}: give an index or address of one, or set HEALTHCHAIN_KEY or ` +
        "HEALTHCHAIN_MNEMONIC (or HEALTHCHAIN_KEY_FILE, HEALTHCHAIN_MNEMONIC_FILE) for a wallet outside of it.",
    );
  }
}

/** The secret for a wallet outside the network's accounts is missing or malformed. */
export class WalletSecretInvalid extends Error {
  override readonly name = "WalletSecretInvalid";

  constructor(name: SecretName, expected: string) {
    super(
      `The wallet's secret is missing or malformed: set ${name} to ${expected}, or ${name}_FILE to a file with it.`,
    );
  }
}

/**
 * Who signs.
 *
 * @param from index or address of an account of the network; `key` for the private key in HEALTHCHAIN_KEY; `mnemonic:INDEX`
 * for a wallet of the phrase in HEALTHCHAIN_MNEMONIC. An address is looked for in all of them.
 * @throws {SignerUnknown}, {@link WalletSecretInvalid}, {@link InvalidAddress}, {@link InvalidWalletIndex}.
 */
export async function signerOf({ ethers }: NetworkConnection, from: string): Promise<Signer> {
  const wallet = /^mnemonic:(\d{1,10})$/.exec(from);
  if (wallet !== null) return walletSignerAt(await requiredPhrase(), Number(wallet[1])).connect(ethers.provider);
  if (from === "key") return walletOfKey(await secretOf("HEALTHCHAIN_KEY"), ethers.provider);
  const accounts = await ethers.getSigners();
  if (/^\d{1,6}$/.test(from)) {
    const account = accounts[Number(from)];
    if (account === undefined) throw new SignerUnknown(from, accounts.length);
    return account;
  }
  const address = checksummed(from, "account to sign with");
  const found =
    accounts.find((account) => account.address === address) ?? (await secretWallet(address, ethers.provider));
  if (found === undefined) throw new SignerUnknown(address, accounts.length);
  return found;
}

/**
 * The patient's phrase, from HEALTHCHAIN_MNEMONIC.
 *
 * @throws {WalletSecretInvalid}
 */
export async function requiredPhrase(): Promise<string> {
  const phrase = await secretOf("HEALTHCHAIN_MNEMONIC");
  if (phrase === undefined) throw new WalletSecretInvalid("HEALTHCHAIN_MNEMONIC", "the BIP-39 phrase");
  return phrase;
}

async function secretWallet(address: string, provider: Provider): Promise<Signer | undefined> {
  const [key, phrase] = await Promise.all([secretOf("HEALTHCHAIN_KEY"), secretOf("HEALTHCHAIN_MNEMONIC")]);
  if (key !== undefined) {
    const wallet = walletOfKey(key, provider);
    if (wallet.address === address) return wallet;
  }
  if (phrase === undefined) return undefined;
  const xpub = xpubOf(phrase);
  for (let index = 0; index < SEARCHED_WALLETS; index++) {
    if (walletAddressAt(xpub, index) === address) return walletSignerAt(phrase, index).connect(provider);
  }
  return undefined;
}

function walletOfKey(key: string | undefined, provider: Provider): Wallet {
  if (key === undefined || !/^(0x)?[0-9a-f]{64}$/i.test(key)) {
    throw new WalletSecretInvalid("HEALTHCHAIN_KEY", "a private key of 32 bytes in hex");
  }
  return new Wallet(key, provider);
}
