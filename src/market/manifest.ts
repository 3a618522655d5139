import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { AbiCoder, isHexString, keccak256 } from "ethers";

/** What a provider commits to for one delivered record, as `IDataMarket.ManifestLeaf` has it; each 32 bytes in hex. */
export interface ManifestLeaf {
  readonly recordId: string;
  /** Key of the grant by which the patient consents. */
  readonly key: string;
  /** keccak256 of the ciphertext that the buyer downloads. */
  readonly ciphertextHash: string;
  /** keccak256 of the content key that opens it. */
  readonly keyHash: string;
}

/** The tree over a delivery. */
export interface Manifest {
  /** What the provider puts on the chain, 32 bytes in hex. */
  readonly root: string;
  /**
   * The proof that `leaf` is under the root, as `DataMarket.proveFraud` takes it.
   * @throws ManifestInvalid when the delivery has no such leaf
   */
  proof(leaf: ManifestLeaf): string[];
}

/** A manifest cannot be built, or has no such leaf. */
export class ManifestInvalid extends Error {
  override readonly name = "ManifestInvalid";
}

/**
 * `keccak256(keccak256(abi.encode(recordId, key, ciphertextHash, keyHash)))`: hashed twice, so that no inner node can be shown as a leaf.
 *
 * @throws ManifestInvalid
 */
export function manifestLeafHash({ recordId, key, ciphertextHash, keyHash }: ManifestLeaf): string {
  const words = [recordId, key, ciphertextHash, keyHash];
  if (!words.every((word) => isHexString(word, 32))) throw new ManifestInvalid("Give four words of 32 bytes in hex");
  return keccak256(keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "bytes32", "bytes32", "bytes32"], words)));
}

/**
 * The tree over a delivery's leaves, sorted as OpenZeppelin's `MerkleProof` expects.
 *
 * @param leaves at least one, each record once
 * @throws ManifestInvalid
 */
export function buildManifest(leaves: readonly ManifestLeaf[]): Manifest {
  if (leaves.length === 0) throw new ManifestInvalid("A manifest needs at least one record");
  const records = new Set(leaves.map(({ recordId }) => recordId.toLowerCase()));
  if (records.size < leaves.length) throw new ManifestInvalid("Deliver each record once");
  const hashes = leaves.map(manifestLeafHash);
  const tree = SimpleMerkleTree.of(hashes);
  const positions = new Map(hashes.map((hash, index) => [hash, index]));
  return {
    root: tree.root,
    proof(leaf) {
      const position = positions.get(manifestLeafHash(leaf));
      if (position === undefined) throw new ManifestInvalid(`The delivery has no such leaf of record ${leaf.recordId}`);
      return tree.getProof(position);
    },
  };
}

/** Whether `proof` shows that `leaf` is under `root`. Malformed input is false. */
export function verifyManifestLeaf(root: string, leaf: ManifestLeaf, proof: readonly string[]): boolean {
  const words = [root, ...Object.values(leaf), ...proof];
  if (!words.every((word) => isHexString(word, 32))) return false;
  return SimpleMerkleTree.verify(root, manifestLeafHash(leaf), [...proof]);
}
