import { expect } from "chai";
import { decodeBase58, encodeBase58, HDNodeWallet, Mnemonic, toBeArray, verifyMessage } from "ethers";
import fc from "fast-check";
import { PrivateKeyRefused } from "../../src/accounts/privateKeyGuard.js";
import {
  InvalidWalletIndex,
  InvalidWalletSource,
  InvalidXpub,
  MAX_WALLET_INDEX,
  WALLET_BRANCH,
  walletAddressAt,
  walletSignerAt,
  xpubOf,
} from "../../src/accounts/wallets.js";

const PHRASE = "test test test test test test test test test test test junk";
const root = HDNodeWallet.fromPhrase(PHRASE, "", "m");
const branch = HDNodeWallet.fromPhrase(PHRASE, "", WALLET_BRANCH);
const xpub = xpubOf(PHRASE);

describe("xpubOf", () => {
  it("is the neutered branch, from the phrase, the root, or the branch", () => {
    expect(xpub).to.equal(branch.neuter().extendedKey).and.match(/^xpub/);
    expect(xpubOf(root)).to.equal(xpub);
    expect(xpubOf(branch)).to.equal(xpub);
    expect(xpubOf(HDNodeWallet.fromExtendedKey(branch.extendedKey) as HDNodeWallet)).to.equal(xpub);
  });

  it("refuses a phrase that is none, without repeating it", () => {
    const mistyped = PHRASE.replace("junk", "jumk");
    expect(() => xpubOf(mistyped))
      .to.throw(InvalidWalletSource)
      .with.property("message")
      .that.does.not.include("jumk");
  });

  it("refuses a node elsewhere in the tree, such as the one of a single wallet", () => {
    expect(() => xpubOf(HDNodeWallet.fromPhrase(PHRASE))).to.throw(InvalidWalletSource, "depth 5");
  });
});

describe("walletAddressAt", () => {
  it("gives the addresses that every Ethereum wallet shows for the phrase", () => {
    expect(walletAddressAt(xpub, 0)).to.equal("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    expect(walletAddressAt(xpub, 1)).to.equal("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
  });

  it("gives the address of the private derivation", () => {
    const entropy = fc.uint8Array({ minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(entropy, fc.nat(MAX_WALLET_INDEX), (bytes, index) => {
        const node = HDNodeWallet.fromSeed(Mnemonic.fromEntropy(bytes).entropy);
        expect(walletAddressAt(xpubOf(node), index)).to.equal(walletSignerAt(node, index).address);
      }),
      { numRuns: 25 },
    );
  });

  it("reaches the last index, and no further", () => {
    expect(walletAddressAt(xpub, MAX_WALLET_INDEX)).to.equal(walletSignerAt(PHRASE, MAX_WALLET_INDEX).address);
    for (const index of [-1, 1.5, Number.NaN, MAX_WALLET_INDEX + 1]) {
      expect(() => walletAddressAt(xpub, index)).to.throw(InvalidWalletIndex, `no wallet ${index}`);
      expect(() => walletSignerAt(PHRASE, index)).to.throw(InvalidWalletIndex, `no wallet ${index}`);
    }
  });

  it("refuses an extended private key, without repeating it", () => {
    expect(() => walletAddressAt(branch.extendedKey, 0))
      .to.throw(PrivateKeyRefused, "xpub looks like an extended private key")
      .with.property("message")
      .that.does.not.include(branch.extendedKey);
  });

  it("refuses an xpub from elsewhere in the tree", () => {
    expect(() => walletAddressAt(root.neuter().extendedKey, 0)).to.throw(InvalidXpub, "depth 0");
  });

  it("refuses what is no xpub", () => {
    const lastChanged = xpub.slice(0, -1) + (xpub.endsWith("1") ? "2" : "1");
    const testNet = toBeArray(decodeBase58(xpub));
    testNet.set([0x04, 0x35, 0x87, 0xcf]);
    for (const text of ["", "xpub", lastChanged, ` ${xpub}`, "0OIl", encodeBase58(testNet)]) {
      expect(() => walletAddressAt(text, 0), text).to.throw(InvalidXpub);
    }
  });
});

describe("walletSignerAt", () => {
  it("signs as the wallet", async () => {
    const signature = await walletSignerAt(PHRASE, 3).signMessage("hello");
    expect(verifyMessage("hello", signature)).to.equal(walletAddressAt(xpub, 3));
  });

  it("does not carry the phrase along", () => {
    expect(walletSignerAt(root, 0)).not.to.be.instanceOf(HDNodeWallet);
  });
});
