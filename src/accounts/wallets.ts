import { HDNodeVoidWallet, HDNodeWallet, Mnemonic, Wallet } from "ethers";
import { PrivateKeyRefused, refusePrivateKey } from "./privateKeyGuard.js";

/** The BIP-32 branch from which the wallets of a patient derive, one child each. */
export const WALLET_BRANCH = "m/44'/60'/0'/0";

/** The last index of a wallet: above it children are hardened, and an xpub cannot derive those. */
export const MAX_WALLET_INDEX = 2 ** 31 - 1;

const BRANCH_DEPTH = 4;

/** What a patient's wallets derive from: the BIP-39 phrase, its root node, or the node of the branch. */
export type WalletSource = string | HDNodeWallet;

/** The phrase or the node is not one from which a patient's wallets derive. */
export class InvalidWalletSource extends Error {
  override readonly name = "InvalidWalletSource";

  constructor(reason: string) {
    super(`${reason}: give the BIP-39 phrase, its root node, or the node at ${WALLET_BRANCH}.`);
  }
}

/** The text is not the extended public key of a patient's branch. */
export class InvalidXpub extends Error {
  override readonly name = "InvalidXpub";

  constructor(reason: string) {
    super(`The xpub ${reason}: give the extended public key of ${WALLET_BRANCH}, as xpubOf returns it.`);
  }
}

/** There is no wallet with that index. */
export class InvalidWalletIndex extends Error {
  override readonly name = "InvalidWalletIndex";

  constructor(index: number) {
    super(`There is no wallet ${index}: give a whole number from 0 to ${MAX_WALLET_INDEX}.`);
  }
}

/**
 * The extended public key of a patient's branch, the only thing that the account center gets. It derives every address
 * of the patient, and together with the private key of *one* wallet the keys of all: keep it from everybody else.
 *
 * @throws {InvalidWalletSource} if the phrase is invalid or the node stands elsewhere in the tree.
 */
export function xpubOf(source: WalletSource): string {
  return privateBranch(source).neuter().extendedKey;
}

/**
 * The address of a patient's wallet, from the public key alone.
 *
 * @param index 0 to {@link MAX_WALLET_INDEX}.
 * @returns checksummed.
 * @throws {PrivateKeyRefused} for an extended *private* key, {@link InvalidXpub} or {@link InvalidWalletIndex}.
 */
export function walletAddressAt(xpub: string, index: number): string {
  return publicBranch(xpub).deriveChild(checkIndex(index)).address;
}

/**
 * The signer of a patient's wallet. Its address is {@link walletAddressAt} of the patient's xpub and the same index.
 *
 * @param source the patient's phrase, root node, or branch.
 * @param index 0 to {@link MAX_WALLET_INDEX}.
 * @throws {InvalidWalletSource} or {@link InvalidWalletIndex}.
 */
export function walletSignerAt(source: WalletSource, index: number): Wallet {
  const child = privateBranch(source).deriveChild(checkIndex(index));
  // The child node would carry the phrase along; who signs for one wallet needs no more than its key.
  return new Wallet(child.privateKey);
}

/**
 * The node of a patient's branch from its xpub.
 *
 * @throws {PrivateKeyRefused} for an extended private key, {@link InvalidXpub} for anything else that is not an xpub
 * at the depth of {@link WALLET_BRANCH}.
 */
export function publicBranch(xpub: string): HDNodeVoidWallet {
  refusePrivateKey(xpub, "xpub");
  const node = parseExtendedKey(xpub);
  if (!(node instanceof HDNodeVoidWallet)) throw new PrivateKeyRefused("xpub", "an extended private key");
  // Writing it anew compares the checksum, which ethers does not, and admits main net's form only.
  if (node.extendedKey !== xpub) throw new InvalidXpub("is mistyped or of another kind");
  if (node.depth !== BRANCH_DEPTH) throw new InvalidXpub(`stands at depth ${node.depth}, not ${BRANCH_DEPTH}`);
  return node;
}

function parseExtendedKey(xpub: string): HDNodeVoidWallet | HDNodeWallet {
  try {
    return HDNodeWallet.fromExtendedKey(xpub);
  } catch {
    throw new InvalidXpub("cannot be read");
  }
}

function privateBranch(source: WalletSource): HDNodeWallet {
  if (typeof source === "string") {
    if (!Mnemonic.isValidMnemonic(source)) throw new InvalidWalletSource("The phrase is not a valid BIP-39 mnemonic");
    return HDNodeWallet.fromPhrase(source, "", WALLET_BRANCH);
  }
  if (source.depth === 0) return source.derivePath(WALLET_BRANCH);
  if (source.depth !== BRANCH_DEPTH) throw new InvalidWalletSource(`The node stands at depth ${source.depth}`);
  return source;
}

function checkIndex(index: number): number {
  if (!Number.isInteger(index) || index < 0 || index > MAX_WALLET_INDEX) throw new InvalidWalletIndex(index);
  return index;
}
