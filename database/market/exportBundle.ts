import { headerHash, LeafKind } from "../../src/records/index.js";
import { fhirIdOf, recordBundle } from "../recordBundle.js";
import type { OpenRecord } from "../recordStore.js";

/** What the addresses of delivered sections begin with: nobody serves it (RFC 2606), it only resolves references inside a record. */
export const DELIVERY_BASE = "https://delivery.invalid";

/**
 * A record's Bundle as a buyer gets it: its de-identified sections of the given classes with their proofs, and of its header only the
 * hash, so that it names neither wallet nor doctor, day nor address.
 *
 * @param sectionClasses one bit for each class
 * @returns undefined if there is nothing that may be delivered
 * @throws SealBroken
 */
export function exportBundle(record: OpenRecord, sectionClasses: number): Uint8Array | undefined {
  const wanted = record.sections.filter(({ dataClass }) => ((sectionClasses >>> dataClass) & 1) === 1);
  const served = record.serve(LeafKind.Deidentified, wanted);
  if (served.length === 0) return undefined;
  const fullUrls = served.map(({ path }) => `${DELIVERY_BASE}/${fhirIdOf(record.id)}/${path}`);
  const subset = served.length < record.sections.length;
  const anonymous = { id: record.id, header: headerHash(record.header), sectionsRoot: record.sectionsRoot };
  return recordBundle({ record: anonymous, served, fullUrls, subset });
}
