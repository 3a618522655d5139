import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type BundleDocuments,
  Directory,
  documentsOf,
  NotAPatientBundle,
  type PatientBundle,
  readBundle,
} from "../../src/records/index.js";
import { identityOf } from "./identity.js";
import type { FileRemark } from "./report.js";

/** One patient's bundle, read, with what the records library makes of it. */
export interface PatientFile {
  readonly file: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly bundle: PatientBundle;
  readonly documents: BundleDocuments;
}

/** A folder of FHIR bundles. */
export interface Input {
  readonly patients: readonly PatientFile[];
  readonly skipped: readonly FileRemark[];
  readonly broken: readonly FileRemark[];
}

/** The folder holds nothing that could be shown. */
export class NoPatientBundles extends Error {
  override readonly name = "NoPatientBundles";

  constructor(folder: string) {
    super(
      `No file of ${folder} is a FHIR R4 transaction bundle of a patient: give a folder of such bundles with --data.`,
    );
  }
}

/** The folder cannot be read. */
export class InputUnreadable extends Error {
  override readonly name = "InputUnreadable";

  constructor(folder: string, cause: unknown) {
    super(`${folder} cannot be read as a folder: check the path that --data gives.`, { cause });
  }
}

/**
 * Reads every `.json` file of a folder. What is no patient's bundle, or was read already, is skipped; what is broken is reported; neither
 * loses anything else.
 *
 * @throws NoPatientBundles, InputUnreadable
 */
export async function readInput(folder: string, progress: (file: string) => void): Promise<Input> {
  const patients: PatientFile[] = [];
  const skipped: FileRemark[] = [];
  const broken: FileRemark[] = [];
  const directory = new Directory();
  for (const file of await jsonFilesIn(folder)) {
    progress(file);
    try {
      const bytes = Uint8Array.from(await readFile(join(folder, file)));
      const bundle = readBundle(bytes);
      const documents = documentsOf(bundle, directory);
      const fault = faultOf(documents);
      const before = patients.find((other) => shareEncounter(other.documents, documents));
      if (fault) broken.push({ file, reason: fault });
      else if (before) skipped.push({ file, reason: `It has encounters that were read from ${before.file} already` });
      else patients.push({ file, bytes, bundle, documents });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      (error instanceof NotAPatientBundle ? skipped : broken).push({ file, reason });
    }
  }
  if (patients.length === 0) throw new NoPatientBundles(folder);
  return { patients, skipped, broken };
}

async function jsonFilesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() || !entry.name.endsWith(".json") ? [] : entry.name)).sort();
  } catch (error) {
    throw new InputUnreadable(folder, error);
  }
}

/** What keeps the account center and the institutions from taking a bundle: somebody in it has no name to be known by. */
function faultOf({ documents }: BundleDocuments): string | undefined {
  for (const { encounterId, patient, serviceProvider } of documents) {
    if (!identityOf(patient.identifiers)) return "The patient has no identifier with a system and a value: add one";
    if (!identityOf(serviceProvider?.identifiers ?? [])) {
      return `Encounter ${encounterId} names no institution (serviceProvider) that has an identifier: add it`;
    }
  }
  return undefined;
}

function shareEncounter(one: BundleDocuments, other: BundleDocuments): boolean {
  const known = new Set(one.documents.map(({ encounterId }) => encounterId));
  return other.documents.some(({ encounterId }) => known.has(encounterId));
}
