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

/**
 * Reads every `.json` file of a folder. What is no patient's bundle is skipped, what is broken is reported; neither loses anything else.
 *
 * @throws NoPatientBundles
 */
export async function readInput(folder: string, progress: (file: string) => void): Promise<Input> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".json")).sort();
  const patients: PatientFile[] = [];
  const skipped: FileRemark[] = [];
  const broken: FileRemark[] = [];
  const directory = new Directory();
  for (const file of files) {
    progress(file);
    const bytes = Uint8Array.from(await readFile(join(folder, file)));
    try {
      const bundle = readBundle(bytes);
      patients.push({ file, bytes, bundle, documents: documentsOf(bundle, directory) });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      (error instanceof NotAPatientBundle ? skipped : broken).push({ file, reason });
    }
  }
  if (patients.length === 0) throw new NoPatientBundles(folder);
  return { patients, skipped, broken };
}
