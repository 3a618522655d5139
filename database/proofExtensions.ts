import { LeafKind, type LeafKindCode, type RecordHeader } from "../src/records/index.js";
import { isJsonObject, objectsIn, stringIn } from "../src/records/json.js";

/** In `Bundle.meta`: the record's header and root, from which anyone can recompute its id. */
export const RECORD_EXTENSION = "urn:healthchain:extension:record";
/** At an entry of a Bundle: path, leaf kind, salt and Merkle proof of its resource. */
export const PROOF_EXTENSION = "urn:healthchain:extension:section-proof";
/** The HTTP header that carries both with a single section, as base64url of a JSON array. */
export const PROOF_HEADER = "healthchain-proof";

/** Names of the leaf kinds, as `_leaf` and the extensions have them. */
export const LEAF_NAMES = { full: LeafKind.Full, deidentified: LeafKind.Deidentified } as const;
export type LeafName = keyof typeof LEAF_NAMES;

/** What a record's sections have in common. */
export interface RecordProof {
  /** Only its hash, 32 bytes in hex, where the reader may not see who is in it. */
  readonly header: RecordHeader | string;
  /** 32 bytes in hex. */
  readonly sectionsRoot: string;
}

/** What proves one section. */
export interface SectionProof {
  /** Record-local, `Type/sN`. */
  readonly path: string;
  readonly kind: LeafKindCode;
  /** 32 bytes in hex. */
  readonly salt: string;
  /** Hashes of 32 bytes in hex. */
  readonly proof: readonly string[];
}

/** A FHIR extension with parts, each a string. */
export interface StringExtension {
  readonly url: string;
  readonly extension: readonly { readonly url: string; readonly valueString: string }[];
}

/** Thrown for extensions that are not what this service writes. */
export class ProofMalformed extends Error {
  override readonly name = "ProofMalformed";

  constructor(part: string) {
    super(`The answer carries no readable proof (${part}): do not use it, and ask again`);
  }
}

/** Numbers are decimal strings: a chain id may need more digits than a FHIR integer has. */
export function recordExtension({ header, sectionsRoot }: RecordProof): StringExtension {
  const parts = { ...(typeof header === "string" ? { headerHash: header } : headerParts(header)), sectionsRoot };
  const extension = Object.entries(parts).map(([url, value]) => ({ url, valueString: String(value) }));
  return { url: RECORD_EXTENSION, extension };
}

function headerParts({ chainId, registry, patient, doctor, institution, recordedAt, dataClass, salt }: RecordHeader) {
  return { chainId, registry, patient, doctor, institution, recordedAt, dataClass, salt };
}

export function proofExtension({ path, kind, salt, proof }: SectionProof): StringExtension {
  const parts = [
    { url: "path", valueString: path },
    { url: "leaf", valueString: leafName(kind) },
    { url: "salt", valueString: salt },
  ];
  return { url: PROOF_EXTENSION, extension: [...parts, ...proof.map((hash) => ({ url: "proof", valueString: hash }))] };
}

/**
 * The record's proof among extensions that nobody has checked.
 *
 * @param extensions value of an `extension` member
 * @throws ProofMalformed
 */
export function readRecordExtension(extensions: unknown): RecordProof {
  const parts = partsOf(extensions, RECORD_EXTENSION);
  const one = (name: string) => onlyPart(parts, name);
  const sectionsRoot = one("sectionsRoot");
  if (parts.some(({ url }) => url === "headerHash")) return { header: one("headerHash"), sectionsRoot };
  const header = {
    chainId: BigInt(digits(one("chainId"))),
    registry: one("registry"),
    patient: one("patient"),
    doctor: Number(digits(one("doctor"))),
    institution: Number(digits(one("institution"))),
    recordedAt: Number(digits(one("recordedAt"))),
    dataClass: Number(digits(one("dataClass"))),
    salt: one("salt"),
  };
  return { header, sectionsRoot };
}

/** A section's proof; see {@link readRecordExtension}. @throws ProofMalformed */
export function readProofExtension(extensions: unknown): SectionProof {
  const parts = partsOf(extensions, PROOF_EXTENSION);
  const leaf = onlyPart(parts, "leaf");
  if (!isLeafName(leaf)) throw new ProofMalformed("leaf");
  const proof = parts.filter(({ url }) => url === "proof").map(({ value }) => value);
  return { path: onlyPart(parts, "path"), kind: LEAF_NAMES[leaf], salt: onlyPart(parts, "salt"), proof };
}

/** Both proofs of a single section, for {@link PROOF_HEADER}. */
export function encodeProofHeader(record: RecordProof, section: SectionProof): string {
  return Buffer.from(JSON.stringify([recordExtension(record), proofExtension(section)])).toString("base64url");
}

/** What {@link encodeProofHeader} encoded. @throws ProofMalformed */
export function decodeProofHeader(value: string | null): RecordProof & SectionProof {
  let extensions: unknown;
  try {
    extensions = JSON.parse(Buffer.from(value ?? "", "base64url").toString());
  } catch {
    throw new ProofMalformed(PROOF_HEADER);
  }
  return { ...readRecordExtension(extensions), ...readProofExtension(extensions) };
}

/** Whether `text` names a leaf kind. */
export function isLeafName(text: string): text is LeafName {
  return Object.hasOwn(LEAF_NAMES, text);
}

/** The name of a leaf kind. */
export function leafName(kind: LeafKindCode): LeafName {
  return kind === LeafKind.Full ? "full" : "deidentified";
}

interface Part {
  readonly url: string;
  readonly value: string;
}

function partsOf(extensions: unknown, url: string): Part[] {
  const found = objectsIn(extensions).filter((extension) => stringIn(extension, "url") === url);
  const [extension, second] = found;
  if (!isJsonObject(extension) || second !== undefined) throw new ProofMalformed(url);
  return objectsIn(extension.extension).map((part) => ({
    url: stringIn(part, "url") ?? "",
    value: stringIn(part, "valueString") ?? "",
  }));
}

function onlyPart(parts: readonly Part[], name: string): string {
  const [part, second] = parts.filter(({ url }) => url === name);
  if (part === undefined || second !== undefined) throw new ProofMalformed(name);
  return part.value;
}

function digits(text: string): string {
  if (!/^\d{1,78}$/.test(text)) throw new ProofMalformed("a number");
  return text;
}
