import type { BundleEntry, PatientBundle } from "./bundle.js";
import { encounterPeriodOf } from "./clinicalDate.js";
import type { DataClassCode } from "./dataClass.js";
import { Directory, type DirectoryEntry, isDirectoryType } from "./directory.js";
import { type JsonObject, objectsIn, stringIn } from "./json.js";
import { type Placement, placeResources } from "./placement.js";
import { referencesIn, rewriteResource } from "./references.js";
import { recordClassOf, sectionClassOf } from "./sectionClass.js";
import { storedIdOf } from "./storedId.js";

/** One resource of a record, as it will be stored. */
export interface DocumentSection {
  readonly resourceType: string;
  /** The stored FHIR id; a directory resource has the same in every record. */
  readonly id: string;
  /** From 0 to 17. */
  readonly dataClass: DataClassCode;
  /** The stored text in UTF-8: as sent, but for references and id. */
  readonly bytes: Uint8Array;
  /** Whether this is a copy of a directory resource, not a section of the record's own. */
  readonly copy: boolean;
}

/** One encounter with what belongs to it: what becomes a record. */
export interface EncounterDocument {
  /** The stored id of the Encounter. */
  readonly encounterId: string;
  /** Start of the encounter, or undefined when it has no period. */
  readonly date: Date | undefined;
  /** Kind of the encounter, from 24 to 29. */
  readonly dataClass: DataClassCode;
  readonly patient: DirectoryEntry;
  /** The organization that provided the encounter, if the bundle has it. */
  readonly serviceProvider: DirectoryEntry | undefined;
  /** Who attended; undefined when the encounter names nobody: then it belongs to the institution's attending physician. */
  readonly practitioner: DirectoryEntry | undefined;
  /** The Encounter first, then what is linked to it in the bundle's order, then the copies. */
  readonly sections: readonly DocumentSection[];
}

/** Every resource of the bundle, counted once: `input = placed + directory`. */
export interface Accounting {
  readonly input: number;
  /** Resources put into a record as its own section. */
  readonly placed: number;
  /** People, organizations and places, whose copies in records count nowhere. */
  readonly directory: number;
  /** Those of `directory` that were known before, by identifier. */
  readonly deduplicated: number;
}

/** A reference that nothing in the bundle answers to; it was left as it was. */
export interface UnresolvedReference {
  /** Position in `Bundle.entry`, from 0. */
  readonly entry: number;
  readonly path: string;
  readonly reference: string;
}

/** What a bundle becomes. */
export interface BundleDocuments {
  readonly documents: readonly EncounterDocument[];
  /** The bundle's people, organizations and places under their stored ids, each once. */
  readonly directory: readonly DirectoryEntry[];
  readonly placements: readonly Placement[];
  readonly accounting: Accounting;
  readonly unresolved: readonly UnresolvedReference[];
}

/**
 * Turns one patient's bundle into one document per encounter, with references rewritten to stored ids.
 *
 * @param bundle a bundle that {@link readBundle} checked
 * @param directory the people, organizations and places known so far; new ones are added
 */
export function documentsOf(bundle: PatientBundle, directory: Directory = new Directory()): BundleDocuments {
  const index = indexEntries(bundle, directory);
  const placements = placeResources(bundle, index.find);
  const stored = rewriteEntries(bundle, index);
  const encounters = bundle.entries.filter((entry) => entry.resourceType === "Encounter");
  const documents = encounters.map((encounter) => {
    const own = placements.filter((placement) => placement.encounter === encounter).map(({ entry }) => entry);
    return documentOf(bundle, index, stored, encounter, own);
  });
  const input = bundle.entries.length;
  const { directory: entries, deduplicated } = index;
  const accounting = { input, placed: placements.length, directory: entries.size, deduplicated };
  const unresolved = bundle.entries.flatMap((entry) => stored.get(entry)?.unresolved ?? []);
  return { documents, directory: [...new Set(entries.values())], placements, accounting, unresolved };
}

interface EntryIndex {
  readonly find: (reference: string) => BundleEntry | undefined;
  readonly idOf: (entry: BundleEntry) => string;
  readonly directory: ReadonlyMap<BundleEntry, DirectoryEntry>;
  readonly deduplicated: number;
}

function indexEntries(bundle: PatientBundle, known: Directory): EntryIndex {
  const byReference = new Map<string, BundleEntry>();
  const directory = new Map<BundleEntry, DirectoryEntry>();
  let deduplicated = 0;
  for (const entry of bundle.entries) {
    const id = stringIn(entry.resource, "id");
    if (id !== undefined) byReference.set(`${entry.resourceType}/${id}`, entry);
  }
  for (const entry of bundle.entries) {
    byReference.set(entry.fullUrl, entry);
    if (!isDirectoryType(entry.resourceType)) continue;
    const added = known.add(entry.resourceType, storedIdOf(entry.fullUrl), entry.resource);
    directory.set(entry, added.entry);
    if (added.known) deduplicated += 1;
  }
  const idOf = (entry: BundleEntry) => directory.get(entry)?.id ?? storedIdOf(entry.fullUrl);
  return { find: (reference) => byReference.get(reference), idOf, directory, deduplicated };
}

interface StoredEntry {
  readonly section: DocumentSection;
  readonly unresolved: readonly UnresolvedReference[];
}

function rewriteEntries(bundle: PatientBundle, index: EntryIndex): ReadonlyMap<BundleEntry, StoredEntry> {
  const encoder = new TextEncoder();
  const resolve = (reference: string) => {
    const target = index.find(reference);
    return target && `${target.resourceType}/${index.idOf(target)}`;
  };
  const store = (entry: BundleEntry): StoredEntry => {
    const id = index.idOf(entry);
    const { text, unresolved } = rewriteResource(bundle.source, entry.node, id, resolve);
    const section: DocumentSection = {
      resourceType: entry.resourceType,
      id,
      dataClass: sectionClassOf(entry.resource),
      bytes: encoder.encode(text),
      copy: isDirectoryType(entry.resourceType),
    };
    return {
      section,
      unresolved: unresolved.map(({ path, reference }) => ({ entry: entry.index, path, reference })),
    };
  };
  return new Map(bundle.entries.map((entry) => [entry, store(entry)]));
}

function documentOf(
  bundle: PatientBundle,
  index: EntryIndex,
  stored: ReadonlyMap<BundleEntry, StoredEntry>,
  encounter: BundleEntry,
  own: readonly BundleEntry[],
): EncounterDocument {
  const others = own.filter((entry) => entry !== encounter);
  const copies = copiesFor(bundle.patient, [encounter, ...others], index);
  const sections = [encounter, ...others, ...copies].flatMap((entry) => stored.get(entry)?.section ?? []);
  const period = encounterPeriodOf(encounter.resource);
  const provider = index.find(stringIn(encounter.resource.serviceProvider, "reference") ?? "");
  return {
    encounterId: index.idOf(encounter),
    date: period && new Date(period.start),
    dataClass: recordClassOf(encounter.resource),
    patient: directoryEntry(index, bundle.patient),
    serviceProvider: provider?.resourceType === "Organization" ? index.directory.get(provider) : undefined,
    practitioner: practitionerOf(encounter.resource, index),
    sections: withoutRepeats(sections),
  };
}

function directoryEntry(index: EntryIndex, entry: BundleEntry): DirectoryEntry {
  return index.directory.get(entry) ?? { resourceType: entry.resourceType, id: index.idOf(entry), identifiers: [] };
}

/** The directory resources that the entries refer to, and those that these refer to in turn; always the patient. */
function copiesFor(patient: BundleEntry, own: readonly BundleEntry[], index: EntryIndex): BundleEntry[] {
  const copies = new Set<BundleEntry>([patient]);
  const addReferred = (entry: BundleEntry): void => {
    for (const { reference } of referencesIn(entry.node)) {
      const target = index.find(reference);
      if (target && isDirectoryType(target.resourceType)) copies.add(target);
    }
  };
  for (const entry of own) addReferred(entry);
  // A set is walked to its end, what is added on the way included.
  for (const copy of copies) addReferred(copy);
  return [...copies];
}

/** Two entries of one bundle that turned out to be one organization give one copy. */
function withoutRepeats(sections: readonly DocumentSection[]): DocumentSection[] {
  const seen = new Set<string>();
  return sections.filter(({ resourceType, id }) => {
    const key = `${resourceType}/${id}`;
    return !seen.has(key) && seen.add(key);
  });
}

function practitionerOf(encounter: JsonObject, index: EntryIndex): DirectoryEntry | undefined {
  const found = objectsIn(encounter.participant).flatMap((participant) => {
    const target = index.find(stringIn(participant.individual, "reference") ?? "");
    const entry = target?.resourceType === "Practitioner" ? index.directory.get(target) : undefined;
    return entry ? [{ entry, rank: rankOf(participant) }] : [];
  });
  return found.sort((a, b) => a.rank - b.rank)[0]?.entry;
}

/** The attender before the primary performer before anyone else. */
function rankOf(participant: JsonObject): number {
  const codings = objectsIn(participant.type).flatMap((type) => objectsIn(type.coding));
  const codes = codings.map((coding) => stringIn(coding, "code"));
  return codes.includes("ATND") ? 0 : codes.includes("PPRF") ? 1 : 2;
}
