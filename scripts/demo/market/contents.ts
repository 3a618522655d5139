import type { CollectedDelivery } from "../../../database/client/export.js";
import { findLeaks, type Leak } from "../../../src/records/index.js";
import type { PatientFile } from "../input.js";
import type { Stage } from "../stage.js";

/** What was looked for in a delivery, and found. */
export interface Contents {
  /** Texts that were searched. */
  readonly searched: number;
  /** Facts of the source that say who it is. */
  readonly leaks: readonly Leak[];
  /** Codes that are in the source, as often as they are delivered. */
  readonly codes: number;
  /** Quantities that are in the source, digit for digit. */
  readonly quantities: number;
  /** Codes and quantities that the source does not have. */
  readonly strange: readonly string[];
}

const CODE = /"code"\s*:\s*"((?:[^"\\]|\\.)*)"/g;
const QUANTITY = /"value"\s*:\s*(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;

/** Compares each patient's delivered records with the very text that the patient's bundle is. */
export function contentsOf(stage: Stage, delivery: CollectedDelivery): Contents {
  const places = delivery.records.map((_, index) => index);
  const byFile = Map.groupBy(places, (index) => sourceOf(stage, delivery.records[index]?.id));
  const parts = [...byFile].map(([file, indexes]) => {
    const texts = indexes.flatMap((index) => delivery.plaintexts[index] ?? []);
    const sections = indexes.flatMap((index) => delivery.records[index]?.sections ?? []);
    const source = new TextDecoder().decode(file.bytes);
    const delivered = sections.map(({ bytes }) => new TextDecoder().decode(bytes)).join("\n");
    const codes = compare(CODE, delivered, source);
    const quantities = compare(QUANTITY, delivered, source);
    return { texts: texts.length, leaks: findLeaks(file.bundle, texts), codes, quantities };
  });
  return {
    searched: parts.reduce((sum, { texts }) => sum + texts, 0),
    leaks: parts.flatMap(({ leaks }) => leaks),
    codes: parts.reduce((sum, { codes }) => sum + codes.kept, 0),
    quantities: parts.reduce((sum, { quantities }) => sum + quantities.kept, 0),
    strange: parts.flatMap(({ codes, quantities }) => [...codes.strange, ...quantities.strange]),
  };
}

function sourceOf(stage: Stage, id: string | undefined): PatientFile {
  const record = stage.records.find((one) => one.id === id);
  const file = record && stage.fileOf(record);
  if (!file) throw new Error(`Record ${id} has no source.`);
  return file;
}

/** Which of the values that `pattern` finds in one text another one has too. */
function compare(pattern: RegExp, delivered: string, source: string): { kept: number; strange: string[] } {
  const known = new Set(Array.from(source.matchAll(pattern), ([, value]) => value));
  const values = Array.from(delivered.matchAll(pattern), ([, value]) => value ?? "");
  const strange = values.filter((value) => !known.has(value));
  return { kept: values.length - strange.length, strange };
}
