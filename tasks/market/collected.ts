import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type CollectedDelivery, DeliveryFaulty, findDoubleSharing, reasonHashOf } from "../../database/index.js";
import { writeJson, writeText } from "../file.js";
import { printProgress } from "../result.js";

/** Writes a delivery into a folder: the records' Bundles, and what proves each of them, a line each in the same order. */
export async function writeDelivery(folder: string, { records, plaintexts, leaves }: CollectedDelivery) {
  await writeText(join(folder, "records.ndjson"), plaintexts.map((bytes) => `${oneLine(bytes)}\n`).join(""));
  await writeText(join(folder, "manifest.ndjson"), leaves.map((leaf) => `${JSON.stringify(leaf)}\n`).join(""));
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
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const file = join(folder, "evidence.json");
  await writeJson(file, { ...error.evidence, reasonHash: reasonHashOf(error.evidence) });
  printProgress(`The evidence is in ${file}, for \`market prove-fraud\` or \`market dispute\`.`);
  throw error;
}

/** Byte for byte, but for line breaks: no honest service puts any into what it delivers. */
function oneLine(bundle: Uint8Array): string {
  return Buffer.from(bundle)
    .toString("utf8")
    .replace(/[\r\n]+/g, "");
}
