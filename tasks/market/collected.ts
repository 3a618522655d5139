import { createWriteStream } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type CollectedDelivery, DeliveryFaulty, findDoubleSharing, reasonHashOf } from "../../database/index.js";
import { FileUnusable, writeSecret } from "../file.js";
import { printProgress } from "../result.js";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Makes a folder that only its owner may read, for what is delivered. One that is there already has to be empty.
 *
 * @throws {FileUnusable}
 */
export async function makeDeliveryFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const found = await readdir(path).catch(() => undefined);
    if (found?.length === 0) return;
    const reason = found === undefined ? "cannot be made as a folder" : "is a folder that is not empty";
    throw new FileUnusable(path, `${reason}: give a new one in a folder that exists`, { cause: error });
  }
}

/**
 * Writes a delivery into a folder: the records' Bundles, and what proves each of them, a line each in the same order.
 *
 * @param signal stops it.
 * @throws {FileUnusable}; the signal's reason.
 */
export async function writeDelivery(
  folder: string,
  { records, plaintexts, leaves }: CollectedDelivery,
  signal?: AbortSignal,
) {
  await writeLines(join(folder, "records.ndjson"), plaintexts, oneLine, signal);
  await writeLines(join(folder, "manifest.ndjson"), leaves, (leaf) => Buffer.from(JSON.stringify(leaf)), signal);
  return {
    records: records.length,
    sections: records.reduce((sum, { sections }) => sum + sections.length, 0),
    doubleSharing: findDoubleSharing(records).map(({ recordIds }) => ({ records: recordIds })),
  };
}

/**
 * What a provider that lies has committed itself to is evidence; after any other failure nothing is left in the folder.
 *
 * @throws error
 */
export async function keepEvidence(folder: string, error: unknown): Promise<never> {
  if (!(error instanceof DeliveryFaulty)) {
    await removeDelivery(folder);
    throw error;
  }
  const file = join(folder, "evidence.json");
  const evidence = { ...error.evidence, reasonHash: reasonHashOf(error.evidence) };
  await writeSecret(file, `${JSON.stringify(evidence, null, 2)}\n`);
  printProgress(`The evidence is in ${file}, for \`market prove-fraud\` or \`market dispute\`.`);
  throw error;
}

/** Leaves nothing of a delivery behind. That a folder stays, such as one on which a disk is mounted, hides no reason. */
export async function removeDelivery(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}

/** Line by line, as all of it may be more than one text can be; renamed when it is whole, so that nobody finds half a file. */
async function writeLines<T>(
  path: string,
  items: readonly T[],
  lineOf: (item: T) => Uint8Array,
  signal?: AbortSignal,
): Promise<void> {
  const part = `${path}.part`;
  function* lines() {
    for (const item of items) {
      yield lineOf(item);
      yield "\n";
    }
  }
  try {
    await pipeline(lines, createWriteStream(part, { flags: "wx", mode: 0o600 }), { signal });
    await rename(part, path);
  } catch (error) {
    signal?.throwIfAborted();
    throw new FileUnusable(path, "cannot be written: check its folder and the space on its disk", { cause: error });
  }
}

/** Byte for byte, but for line breaks: no honest service puts any into what it delivers. */
function oneLine(bundle: Uint8Array): Uint8Array {
  const hasBreak = bundle.includes(LINE_FEED) || bundle.includes(CARRIAGE_RETURN);
  return hasBreak ? bundle.filter((byte) => byte !== LINE_FEED && byte !== CARRIAGE_RETURN) : bundle;
}
