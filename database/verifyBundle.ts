import { findNodeAtLocation } from "jsonc-parser";
import {
  headerHash,
  recordId as idOf,
  type JsonSource,
  type LeafKindCode,
  readSource,
  SectionTampered,
  type ServedSection,
  verifyServedSection,
} from "../src/records/index.js";
import { unpackRecord } from "../src/records/indexedRecord.js";
import { isJsonObject, type JsonObject, objectsIn } from "../src/records/json.js";
import type { RecordRegistry } from "../types/ethers-contracts/index.js";
import { ProofMalformed, type RecordProof, readProofExtension, readRecordExtension } from "./proofExtensions.js";
import { RECORD_LIMITS } from "./recordBundle.js";

/** A section that was served and checked. */
export interface VerifiedSection {
  /** Record-local, `Type/sN`. */
  readonly path: string;
  readonly kind: LeafKindCode;
  /** The bytes that the record commits to. */
  readonly bytes: Uint8Array;
  readonly resource: JsonObject;
}

/** A record that was served and checked. */
export interface VerifiedRecord {
  /** 32 bytes in hex. */
  readonly id: string;
  readonly sections: readonly VerifiedSection[];
  /** Whether the service says that it left sections out. */
  readonly subset: boolean;
}

/** Checks one section against the record that it claims to be of; throws when it is not. */
export type SectionCheck = (section: ServedSection) => void;

/** Thrown when the chain does not know the record that was served. */
export class RecordNotOnChain extends Error {
  override readonly name = "RecordNotOnChain";

  constructor(id: string) {
    super(`Do not use this answer: the chain knows no record ${id}`);
  }
}

/** Thrown for an answer that is no record at all. */
export class AnswerUnreadable extends Error {
  override readonly name = "AnswerUnreadable";

  constructor(reason: string) {
    super(`The medical database's answer is not a record (${reason}): tell its operator`);
  }
}

/** What a reader knows or decides beforehand. */
export interface VerificationOptions {
  /** The record that was asked for; by default the one that the answer's header and root give. */
  readonly recordId?: string;
  /** The proof check; anything but the default is for showing what happens without it. */
  readonly check?: SectionCheck;
}

/**
 * Checks a record's Bundle as a medical database served it, wherever it was kept since: every section has to be, byte for
 * byte, the one that was signed into a record that the chain knows.
 *
 * @param bytes the Bundle, unchanged: writing it through a JSON library may change what was signed
 * @param registry the registry that the reader trusts, connected to a node that the reader trusts
 * @throws SourceRefused, AnswerUnreadable, ProofMalformed, RecordNotOnChain, RecordMismatch, SectionTampered
 */
export async function verifyRecordBundle(
  bytes: Uint8Array,
  registry: RecordRegistry,
  { recordId, check = verifyServedSection }: VerificationOptions = {},
): Promise<VerifiedRecord> {
  const source = readSource(bytes, RECORD_LIMITS);
  const bundle = source.value;
  if (!isJsonObject(bundle) || !isJsonObject(bundle.meta)) throw new AnswerUnreadable("no Bundle with meta");
  const record = readRecordExtension(bundle.meta.extension);
  const id = recordId ?? claimedId(record);
  await requireOnChain(registry, id);
  const sections = objectsIn(bundle.entry).map((entry, index) => {
    const proof = readProofExtension(entry.extension);
    return verifySection({ recordId: id, ...record, ...proof, bytes: resourceBytes(source, index) }, check);
  });
  // One section twice could pass for two findings.
  if (new Set(sections.map(({ path }) => path)).size < sections.length) throw new AnswerUnreadable("a section twice");
  return { id, sections, subset: objectsIn(bundle.meta.tag).some(({ code }) => code === "SUBSETTED") };
}

/**
 * Checks one section and reads it.
 *
 * @throws RecordMismatch, SectionTampered
 */
export function verifySection(served: ServedSection, check: SectionCheck = verifyServedSection): VerifiedSection {
  check(served);
  const { path, kind, bytes } = served;
  const resource = readSource(bytes).value;
  if (!isJsonObject(resource)) throw new SectionTampered(path);
  return { path, kind, bytes, resource };
}

/** @throws RecordNotOnChain when the registry does not know the record */
export async function requireOnChain(registry: RecordRegistry, recordId: string): Promise<void> {
  const { state } = unpackRecord(BigInt(await registry.records(recordId)));
  if (state === "None") throw new RecordNotOnChain(recordId);
}

/** The id that header and root give. @throws ProofMalformed when no registry would accept the header */
export function claimedId({ header, sectionsRoot }: RecordProof): string {
  try {
    return idOf(typeof header === "string" ? header : headerHash(header), sectionsRoot);
  } catch {
    throw new ProofMalformed("header");
  }
}

function resourceBytes({ text, root }: JsonSource, entry: number): Uint8Array {
  const node = findNodeAtLocation(root, ["entry", entry, "resource"]);
  if (node === undefined) throw new AnswerUnreadable("an entry without a resource");
  return new TextEncoder().encode(text.slice(node.offset, node.offset + node.length));
}
