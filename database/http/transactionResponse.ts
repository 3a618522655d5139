import { type BundleEntry, Directory, isDirectoryType } from "../../src/records/index.js";
import { storedIdOf } from "../../src/records/storedId.js";
import type { EncounterFate, IngestReport } from "../ingest.js";
import { information } from "./operationOutcome.js";

/** At the response to an Encounter: the id of the record that it became. */
export const RECORD_ID_EXTENSION = "urn:healthchain:extension:record-id";
/** At the response to an Encounter: what became of it, see `EncounterFate`. */
export const FATE_EXTENSION = "urn:healthchain:extension:fate";

/** The FHIR transaction-response Bundle: what became of each entry, in the order of the request. */
export function transactionResponse({ bundle, documents, encounters }: IngestReport) {
  const fates = new Map(encounters.map((fate) => [fate.encounterId, fate]));
  const encounterOf = new Map(documents.placements.map(({ entry, encounter }) => [entry, encounter]));
  const directory = new Directory(documents.directory);
  const entry = bundle.entries.map((one) => {
    const encounter = encounterOf.get(one);
    const id = storedIdOf(one.fullUrl);
    const fate = encounter && fates.get(storedIdOf(encounter.fullUrl));
    if (fate !== undefined) return { response: clinicalResponse(one, id, fate) };
    const known = isDirectoryType(one.resourceType) && directory.add(one.resourceType, id, one.resource).entry;
    return { response: { status: "200 OK", location: `${one.resourceType}/${known ? known.id : id}` } };
  });
  return { resourceType: "Bundle", type: "transaction-response", entry } as const;
}

const WAITS_FOR_PATIENT = information(
  "Not stored: the encounter changed, but its record is only asserted. Send it again when the patient has accepted or repudiated the record.",
);

const NOT_OURS = information(
  "Not stored: its encounter's serviceProvider is not this institution. Send it to that one.",
);

function clinicalResponse({ resourceType }: BundleEntry, id: string, fate: EncounterFate) {
  const extension = resourceType === "Encounter" ? { extension: fateExtensions(fate) } : {};
  if (fate.fate === "not-ours") return { ...extension, status: "200 OK", outcome: NOT_OURS };
  if (fate.fate === "waits-for-patient") return { ...extension, status: "200 OK", outcome: WAITS_FOR_PATIENT };
  const status = fate.fate === "stored" ? "201 Created" : "200 OK";
  return { ...extension, status, location: `${resourceType}/${id}` };
}

function fateExtensions(fate: EncounterFate) {
  const said = [{ url: FATE_EXTENSION, valueCode: fate.fate }];
  return "recordId" in fate ? [...said, { url: RECORD_ID_EXTENSION, valueString: fate.recordId }] : said;
}
