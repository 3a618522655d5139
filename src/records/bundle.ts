import { findNodeAtLocation, type Node } from "jsonc-parser";
import { isJsonObject, type JsonObject, stringIn } from "./json.js";
import { DEFAULT_LIMITS, type JsonSource, readSource, type SourceLimits, SourceRefused, textOf } from "./source.js";
import { checkResource, type Finding } from "./validate.js";

/** Why a bundle was refused. */
export type BundleRefusal =
  | "unreadable"
  | "not-a-transaction"
  | "entry-malformed"
  | "request-unsupported"
  | "duplicate-entry"
  | "several-patients"
  | "resource-invalid";

/** Thrown for a bundle that cannot be stored. Nothing of it is kept. */
export class BundleRefused extends Error {
  override readonly name = "BundleRefused";
  readonly reason: BundleRefusal;
  /** Position in `Bundle.entry` from 0, or undefined when the bundle as a whole is at fault. */
  readonly entry: number | undefined;
  /** The errors of an invalid resource, otherwise empty. */
  readonly findings: readonly Finding[];

  constructor(
    reason: BundleRefusal,
    entry: number | undefined,
    remedy: string,
    more: { findings?: readonly Finding[]; cause?: unknown } = {},
  ) {
    super(`Bundle refused${entry === undefined ? "" : ` at entry ${entry}`} (${reason}): ${remedy}`, {
      cause: more.cause,
    });
    this.reason = reason;
    this.entry = entry;
    this.findings = more.findings ?? [];
  }
}

/** Thrown for a well-formed bundle without a Patient or without an Encounter, such as a list of hospitals. */
export class NotAPatientBundle extends Error {
  override readonly name = "NotAPatientBundle";
  readonly missing: "Patient" | "Encounter";

  constructor(missing: "Patient" | "Encounter") {
    super(`This bundle has no ${missing}: send one patient's transaction bundle, or skip this file`);
    this.missing = missing;
  }
}

/** One resource of a bundle. */
export interface BundleEntry {
  /** Position in `Bundle.entry`, from 0. */
  readonly index: number;
  readonly fullUrl: string;
  readonly resourceType: string;
  readonly resource: JsonObject;
  /** Where the resource stands in the bundle's text. */
  readonly node: Node;
}

/** One patient's bundle, checked. */
export interface PatientBundle {
  readonly source: JsonSource;
  readonly entries: readonly BundleEntry[];
  readonly patient: BundleEntry;
  /** Doubts about resources, by entry. References among entries are not judged here. */
  readonly warnings: readonly { readonly entry: number; readonly finding: Finding }[];
}

/**
 * Reads one patient's FHIR R4 transaction bundle (each entry a `POST Type` with a `fullUrl`) and validates every resource in it.
 *
 * @param bytes the bundle as received
 * @param limits bounds of the text, {@link DEFAULT_LIMITS} by default
 * @throws BundleRefused for a bundle that is broken, with the entry at fault
 * @throws NotAPatientBundle for a bundle without a patient or an encounter
 */
export function readBundle(bytes: Uint8Array, limits: SourceLimits = DEFAULT_LIMITS): PatientBundle {
  const source = readText(bytes, limits);
  const bundle = source.value;
  if (!isJsonObject(bundle) || bundle.resourceType !== "Bundle" || bundle.type !== "transaction") {
    throw new BundleRefused("not-a-transaction", undefined, 'send a Bundle whose type is "transaction"');
  }
  const raw = bundle.entry ?? [];
  if (!Array.isArray(raw)) throw new BundleRefused("entry-malformed", undefined, "make Bundle.entry an array");
  const entries = raw.map((entry, index) => readEntry(source, entry, index));
  refuseDuplicates(entries);
  return { source, entries, patient: thePatient(entries), warnings: validateEntries(entries) };
}

/** The exact bytes of an entry's resource, as they were sent. */
export function entryBytes(bundle: PatientBundle, entry: BundleEntry): Uint8Array {
  return new TextEncoder().encode(textOf(bundle.source, entry.node));
}

function readText(bytes: Uint8Array, limits: SourceLimits): JsonSource {
  try {
    return readSource(bytes, limits);
  } catch (cause) {
    if (!(cause instanceof SourceRefused)) throw cause;
    const index = /^\$\.entry\[(\d+)\]/.exec(cause.path)?.[1];
    throw new BundleRefused("unreadable", index === undefined ? undefined : Number(index), cause.message, { cause });
  }
}

function readEntry(source: JsonSource, entry: unknown, index: number): BundleEntry {
  const fullUrl = stringIn(entry, "fullUrl");
  const resource = isJsonObject(entry) ? entry.resource : undefined;
  const resourceType = stringIn(resource, "resourceType");
  const node = findNodeAtLocation(source.root, ["entry", index, "resource"]);
  if (!fullUrl || !isJsonObject(entry) || !isJsonObject(resource) || !resourceType || !node) {
    throw new BundleRefused("entry-malformed", index, "give it a fullUrl and a resource with a resourceType");
  }
  const request = isJsonObject(entry.request) ? entry.request : {};
  const conditional = Object.keys(request).some((key) => key.startsWith("if"));
  if (request.method !== "POST" || request.url !== resourceType || conditional) {
    throw new BundleRefused("request-unsupported", index, `make its request an unconditional POST to ${resourceType}`);
  }
  return { index, fullUrl, resourceType, resource, node };
}

function refuseDuplicates(entries: readonly BundleEntry[]): void {
  const seen = new Set<string>();
  for (const { fullUrl, index, resource, resourceType } of entries) {
    const id = stringIn(resource, "id");
    for (const name of id === undefined ? [fullUrl] : [fullUrl, `${resourceType}/${id}`]) {
      if (seen.has(name)) throw new BundleRefused("duplicate-entry", index, `name only one resource ${name}`);
      seen.add(name);
    }
  }
}

function thePatient(entries: readonly BundleEntry[]): BundleEntry {
  const [patient, second] = entries.filter((entry) => entry.resourceType === "Patient");
  if (patient === undefined) throw new NotAPatientBundle("Patient");
  if (second) throw new BundleRefused("several-patients", second.index, "send one bundle for each patient");
  if (!entries.some((entry) => entry.resourceType === "Encounter")) throw new NotAPatientBundle("Encounter");
  return patient;
}

function validateEntries(entries: readonly BundleEntry[]): { entry: number; finding: Finding }[] {
  const warnings: { entry: number; finding: Finding }[] = [];
  for (const entry of entries) {
    const found = checkResource(entry.resource);
    const findings = found.filter((finding) => finding.severity === "error");
    const first = findings[0];
    if (first) {
      const remedy = `correct the ${entry.resourceType}: ${first.path}: ${first.message}`;
      throw new BundleRefused("resource-invalid", entry.index, remedy, { findings });
    }
    for (const finding of found) {
      // `urn:uuid:` is how entries refer to each other; whether they resolve is known after rewriting.
      if (!finding.message.includes('"urn:uuid:')) warnings.push({ entry: entry.index, finding });
    }
  }
  return warnings;
}
