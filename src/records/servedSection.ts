import { isHexString } from "ethers";
import { type LeafKindCode, leafHash } from "./leaf.js";
import { headerHash, type RecordHeader, recordId } from "./recordId.js";
import { verifySection } from "./sectionTree.js";

/** Thrown when a served section is not the one that the record commits to. */
export class SectionTampered extends Error {
  override readonly name = "SectionTampered";
  readonly path: string;

  constructor(path: string) {
    super(`Do not use ${path}: its bytes, salt or proof do not belong to the record's root`);
    this.path = path;
  }
}

/** Thrown when header and root do not give the id that is on the chain. */
export class RecordMismatch extends Error {
  override readonly name = "RecordMismatch";
  readonly recordId: string;

  constructor(id: string) {
    super(`Do not use this answer: its header and root are not those of record ${id}`);
    this.recordId = id;
  }
}

/** A section as an institution serves it, with what is needed to check it. */
export interface ServedSection {
  /** The record's id, from the chain. */
  readonly recordId: string;
  /** The header, or only its hash when the reader may not see who is in it. */
  readonly header: RecordHeader | string;
  readonly sectionsRoot: string;
  readonly kind: LeafKindCode;
  readonly path: string;
  readonly salt: string;
  readonly bytes: Uint8Array;
  readonly proof: readonly string[];
}

/**
 * Checks that a served section is, byte for byte, the one that was signed into a record.
 *
 * @throws RecordMismatch when header and root are not the record's
 * @throws SectionTampered when bytes, kind, path, salt or proof are not the section's
 */
export function verifyServedSection(served: ServedSection): void {
  if (idOf(served) !== served.recordId.toLowerCase()) throw new RecordMismatch(served.recordId);
  const leaf = leafOf(served);
  if (leaf === undefined || !verifySection(served.sectionsRoot, leaf, served.proof)) {
    throw new SectionTampered(served.path);
  }
}

function idOf({ header, sectionsRoot }: ServedSection): string | undefined {
  try {
    const hash = typeof header === "string" ? header : headerHash(header);
    return isHexString(hash, 32) && isHexString(sectionsRoot, 32) ? recordId(hash, sectionsRoot) : undefined;
  } catch {
    // A header that no registry would accept belongs to no record.
    return undefined;
  }
}

function leafOf({ kind, path, salt, bytes }: ServedSection): string | undefined {
  try {
    return leafHash(kind, path, salt, bytes);
  } catch {
    return undefined;
  }
}
