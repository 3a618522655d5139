import type { DataClassCode } from "./dataClass.js";
import { deidentify } from "./deidentify.js";
import type { DocumentSection, EncounterDocument } from "./documents.js";
import { drawSalt, LeafKind, type LeafKindCode, leafHash, randomSalt, type SaltSource, sectionPath } from "./leaf.js";
import { headerHash, type RecordHeader, recordId } from "./recordId.js";
import { buildSectionTree, type SectionTree } from "./sectionTree.js";

/** One form of a section with its leaf. */
export interface SealedForm {
  readonly kind: LeafKindCode;
  /** 32 bytes in hex, of this leaf only. */
  readonly salt: string;
  readonly bytes: Uint8Array;
  /** 32 bytes in hex. */
  readonly leaf: string;
}

/** One section of a record in both its forms. */
export interface SealedSection {
  /** Record-local, `Type/sN`. */
  readonly path: string;
  readonly resourceType: string;
  /** Stored FHIR id. */
  readonly id: string;
  readonly dataClass: DataClassCode;
  /** Whether this is a copy of a person, organization or place. */
  readonly copy: boolean;
  readonly full: SealedForm;
  readonly deidentified?: SealedForm;
  /** Why there is no de-identified form. */
  readonly withheld?: string;
}

/** A record ready to be signed and registered. */
export interface SealedRecord {
  /** 32 bytes in hex. */
  readonly id: string;
  readonly header: RecordHeader;
  readonly headerHash: string;
  readonly sectionsRoot: string;
  readonly sections: readonly SealedSection[];
  /** The tree over all leaves, for proofs. */
  readonly tree: SectionTree;
}

/** What the caller adds to a document; the class comes from the document, the salt is drawn. */
export type RecordHeaderParts = Omit<RecordHeader, "dataClass" | "salt">;

/**
 * Seals a document: de-identifies its sections, salts and hashes every form, and computes the record's id.
 *
 * @param document one encounter's document
 * @param parts chain, registry, wallets and numbers, and the day of signing
 * @param salts source of randomness; anything but the default is for tests
 * @throws RecordHeaderInvalid
 */
export function buildRecord(
  document: EncounterDocument,
  parts: RecordHeaderParts,
  salts: SaltSource = randomSalt,
): SealedRecord {
  const header: RecordHeader = { ...parts, dataClass: document.dataClass, salt: drawSalt(salts) };
  const hashOfHeader = headerHash(header);
  const places = new Map(
    document.sections.map(({ resourceType, id }, position) => [
      `${resourceType}/${id}`,
      sectionPath(resourceType, position),
    ]),
  );
  const recordedAt = new Date(header.recordedAt * 1000);
  const sections = document.sections.map((section, position) =>
    sealSection(section, sectionPath(section.resourceType, position), { places, recordedAt }, salts),
  );
  const tree = buildSectionTree(leavesOf(sections));
  const id = recordId(hashOfHeader, tree.root);
  return { id, header, headerHash: hashOfHeader, sectionsRoot: tree.root, sections, tree };
}

/** Every leaf of a record's sections: what its tree is built over. */
export function leavesOf(sections: readonly Pick<SealedSection, "full" | "deidentified">[]): string[] {
  return sections.flatMap(({ full, deidentified }) => (deidentified ? [full.leaf, deidentified.leaf] : [full.leaf]));
}

function sealSection(
  section: DocumentSection,
  path: string,
  context: Parameters<typeof deidentify>[1],
  salts: SaltSource,
): SealedSection {
  const { resourceType, id, dataClass, copy, bytes } = section;
  const full = sealForm(LeafKind.Full, path, bytes, salts);
  const result = deidentify(bytes, context);
  const base = { path, resourceType, id, dataClass, copy, full };
  if (result.bytes === undefined) return { ...base, withheld: result.withheld };
  return { ...base, deidentified: sealForm(LeafKind.Deidentified, path, result.bytes, salts) };
}

function sealForm(kind: LeafKindCode, path: string, bytes: Uint8Array, salts: SaltSource): SealedForm {
  const salt = drawSalt(salts);
  return { kind, salt, bytes, leaf: leafHash(kind, path, salt, bytes) };
}
