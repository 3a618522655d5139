import { keccak256 } from "ethers";
import type { VerifiedRecord } from "../verifyBundle.js";

/** Records of a delivery with the same content: evidence for an arbiter that one was sold twice. */
export interface DoubleSharing {
  /** Two or more. */
  readonly recordIds: readonly string[];
  /** What they have in common, 32 bytes in hex. */
  readonly contentHash: string;
  /** How many sections each has. Records of few sections can be equal by chance, for of dates only the years are left. */
  readonly sections: number;
}

/**
 * Finds records whose sections are, byte for byte and one by one, the same: equal content under two salts has two ids, and is paid twice.
 *
 * @param records whose sections were checked
 */
export function findDoubleSharing(records: readonly VerifiedRecord[]): DoubleSharing[] {
  const byContent = new Map<string, VerifiedRecord[]>();
  for (const record of records) {
    const hash = contentHashOf(record);
    byContent.set(hash, [...(byContent.get(hash) ?? []), record]);
  }
  return [...byContent].flatMap(([contentHash, [first, ...others]]) => {
    if (first === undefined || others.length === 0) return [];
    const recordIds = [first, ...others].map(({ id }) => id);
    return [{ recordIds, contentHash, sections: first.sections.length }];
  });
}

/** Of the sections' hashes in order of size, so that another arrangement does not hide anything. */
function contentHashOf({ sections }: VerifiedRecord): string {
  const hashes = sections.map(({ bytes }) => keccak256(bytes)).sort();
  return keccak256(Buffer.from(hashes.join(""), "utf8"));
}
