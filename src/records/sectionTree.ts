import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { isHexString } from "ethers";

/** Thrown when a tree cannot be built or has no such leaf. */
export class SectionTreeInvalid extends Error {
  override readonly name = "SectionTreeInvalid";
}

/** The Merkle tree over all leaves of a record. */
export interface SectionTree {
  /** 32 bytes in hex. Of a single leaf, the leaf itself. */
  readonly root: string;
  /**
   * The proof that `leaf` is under the root, as OpenZeppelin's `MerkleProof.verify` takes it.
   * @throws SectionTreeInvalid when the tree has no such leaf
   */
  proof(leaf: string): string[];
}

/**
 * Builds the tree over a record's leaves, in whatever order they come.
 *
 * @param leaves at least one, each 32 bytes in hex
 * @throws SectionTreeInvalid
 */
export function buildSectionTree(leaves: readonly string[]): SectionTree {
  if (leaves.length === 0) throw new SectionTreeInvalid("Give at least one leaf");
  if (!leaves.every((leaf) => isHexString(leaf, 32))) throw new SectionTreeInvalid("Give leaves of 32 bytes in hex");
  const tree = SimpleMerkleTree.of([...leaves]);
  const positions = new Map(leaves.map((leaf) => [leaf.toLowerCase(), tree.leafLookup(leaf)]));
  return {
    root: tree.root,
    proof(leaf) {
      const position = positions.get(leaf.toLowerCase());
      if (position === undefined) throw new SectionTreeInvalid(`Ask for a leaf of this tree, ${leaf} is none`);
      return tree.getProof(position);
    },
  };
}

/** Whether `proof` shows that `leaf` is under `root`. Malformed input is false. */
export function verifySection(root: string, leaf: string, proof: readonly string[]): boolean {
  if (![root, leaf, ...proof].every((hash) => isHexString(hash, 32))) return false;
  return SimpleMerkleTree.verify(root, leaf, [...proof]);
}
