import { expect } from "chai";
import { AbiCoder, hexlify, keccak256 } from "ethers";
import fc from "fast-check";
import {
  buildManifest,
  ManifestInvalid,
  type ManifestLeaf,
  manifestLeafHash,
  verifyManifestLeaf,
} from "../../src/market/manifest.js";
import { DataMarket__factory } from "../../types/ethers-contracts/index.js";

const word = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => hexlify(bytes));
const leaf = fc.record({ recordId: word, key: word, ciphertextHash: word, keyHash: word });
const leaves = fc.uniqueArray(leaf, { minLength: 1, maxLength: 20, selector: ({ recordId }) => recordId });

describe("a manifest", () => {
  it("hashes a leaf as Solidity encodes the struct, twice", () => {
    const [, type = ""] = DataMarket__factory.createInterface().getFunction("proveFraud").inputs;
    fc.assert(
      fc.property(leaf, (one) => {
        const encoded = AbiCoder.defaultAbiCoder().encode([type], [one]);
        expect(manifestLeafHash(one)).to.equal(keccak256(keccak256(encoded)));
      }),
      { numRuns: 20 },
    );
  });

  it("proves each of its leaves, and no other", () => {
    fc.assert(
      fc.property(leaves, leaf, (delivered, other) => {
        const manifest = buildManifest(delivered);
        for (const one of delivered) {
          const proof = manifest.proof(one);
          expect(verifyManifestLeaf(manifest.root, one, proof)).to.equal(true);
          for (const field of ["recordId", "key", "ciphertextHash", "keyHash"] as const) {
            expect(verifyManifestLeaf(manifest.root, { ...one, [field]: other[field] }, proof)).to.equal(false);
          }
        }
        expect(() => manifest.proof(other)).to.throw(ManifestInvalid, other.recordId);
      }),
      { numRuns: 30 },
    );
  });

  it("has the same root whatever the order of its leaves", () => {
    fc.assert(
      fc.property(leaves, (delivered) => {
        expect(buildManifest([...delivered].reverse()).root).to.equal(buildManifest(delivered).root);
      }),
      { numRuns: 20 },
    );
  });

  it("holds at least one record, and each once", () => {
    expect(() => buildManifest([])).to.throw(ManifestInvalid, "at least one");
    const one = leafOf("a");
    const again = { ...one, recordId: one.recordId.toUpperCase().replace("0X", "0x"), keyHash: `0x${"00".repeat(32)}` };
    expect(() => buildManifest([one, again])).to.throw(ManifestInvalid, "once");
    expect(() => manifestLeafHash({ ...one, key: "0x12" })).to.throw(ManifestInvalid);
  });

  it("takes malformed words for no proof", () => {
    const one = leafOf("b");
    const { root } = buildManifest([one]);
    expect(verifyManifestLeaf(root, one, [])).to.equal(true);
    for (const [badRoot, badLeaf, badProof] of [
      ["0x", one, []],
      [root, { ...one, keyHash: "" }, []],
      [root, one, ["0x12"]],
      [root, one, [root]],
    ] as const) {
      expect(verifyManifestLeaf(badRoot, badLeaf, badProof)).to.equal(false);
    }
  });
});

function leafOf(digit: string): ManifestLeaf {
  const same = `0x${digit.repeat(64)}`;
  return { recordId: same, key: same, ciphertextHash: same, keyHash: same };
}
