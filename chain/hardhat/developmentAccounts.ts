import { HDNodeWallet, Wallet } from "ethers";

/** The mnemonic that every Hardhat developer knows: these accounts are for development, and everybody has their keys. */
export const DEVELOPMENT_MNEMONIC = "test test test test test test test test test test test junk";

/** How many accounts there are. */
export const DEVELOPMENT_ACCOUNTS = 20;

/** What each has at first, in wei of the chain's native unit (not the medical coin). */
export const DEVELOPMENT_BALANCE = 10_000n * 10n ** 18n;

/** The wallets of the development accounts, in the order in which Hardhat lists them. */
export function developmentWallets(): HDNodeWallet[] {
  const branch = HDNodeWallet.fromPhrase(DEVELOPMENT_MNEMONIC, undefined, "m/44'/60'/0'/0");
  return Array.from({ length: DEVELOPMENT_ACCOUNTS }, (_, index) => branch.deriveChild(index));
}

/** The first of them: on a local network it is deployer, administrator, registrar and operator. */
export function operatorWallet(): Wallet {
  const [first] = developmentWallets();
  return new Wallet(first?.privateKey ?? "");
}
