import { DEFAULT_LIMITS, type SourceLimits } from "../src/records/index.js";
import { proofExtension, type RecordProof, recordExtension } from "./proofExtensions.js";
import type { Served } from "./recordStore.js";

/** A record's id as a FHIR id: 64 hex digits, for with `0x` it would be longer than FHIR allows. */
export function fhirIdOf(recordId: string): string {
  return recordId.slice(2);
}

/** The system of a record's id as a FHIR identifier. */
export const RECORD_SYSTEM = "urn:healthchain:record";

const SUBSETTED = { system: "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", code: "SUBSETTED" };

/**
 * How large a served record may be: a bundle of any size that is taken in must come out again. Each of its 10,000 resources may carry 2 KB of
 * proof, and there may be people and places beside them that earlier bundles told of.
 */
export const RECORD_LIMITS: SourceLimits = { ...DEFAULT_LIMITS, bytes: 48 * 1024 * 1024, length: 20_000 };

/** What a record's Bundle is made of. */
export interface RecordBundle {
  readonly record: RecordProof & { readonly id: string };
  readonly served: readonly Served[];
  /** Address of each section, in the same order. */
  readonly fullUrls: readonly string[];
  /** Whether sections were left out, because they are not permitted or have no such form. */
  readonly subset: boolean;
  /** When it is served; left out where the day would tell too much. */
  readonly now?: Date;
}

/**
 * A record as a FHIR collection Bundle. The stored bytes of each section are spliced in as they are; writing them through a JSON
 * library would change them.
 */
export function recordBundle({ record, served, fullUrls, subset, now }: RecordBundle): Buffer {
  const head = {
    resourceType: "Bundle",
    id: fhirIdOf(record.id),
    meta: { extension: [recordExtension(record)], ...(subset ? { tag: [SUBSETTED] } : {}) },
    identifier: { system: RECORD_SYSTEM, value: record.id },
    type: "collection",
    ...(now === undefined ? {} : { timestamp: now.toISOString() }),
  };
  const entries = served.flatMap((section, index) => {
    const entry = { extension: [proofExtension(section)], fullUrl: fullUrls[index] };
    return [Buffer.from(`${index === 0 ? "" : ","}${opened(entry)},"resource":`), section.bytes, Buffer.from("}")];
  });
  // FHIR has no empty arrays.
  if (entries.length === 0) return Buffer.from(JSON.stringify(head));
  return Buffer.concat([Buffer.from(`${opened(head)},"entry":[`), ...entries, Buffer.from("]}")]);
}

/** The JSON text of an object without its closing brace. */
function opened(object: object): string {
  return JSON.stringify(object).slice(0, -1);
}
