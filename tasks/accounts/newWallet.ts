import { Mnemonic, randomBytes } from "ethers";
import { WALLET_BRANCH, walletAddressAt, xpubOf } from "../../src/accounts/index.js";
import { writeSecret } from "../file.js";

/** Entropy of a phrase of 24 words. */
const ENTROPY_BYTES = 32;

export default async function newWallet({ out }: { readonly out: string | undefined }) {
  const { phrase } = Mnemonic.fromEntropy(randomBytes(ENTROPY_BYTES));
  const xpub = xpubOf(phrase);
  if (out !== undefined) await writeSecret(out, `${phrase}\n`);
  return {
    ...(out === undefined ? { mnemonic: phrase } : { mnemonicFile: out }),
    branch: WALLET_BRANCH,
    xpub,
    firstWallet: walletAddressAt(xpub, 0),
  };
}
