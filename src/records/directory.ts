import { type JsonObject, objectsIn, stringIn } from "./json.js";

const DIRECTORY_TYPES: ReadonlySet<string> = new Set([
  "Patient",
  "Practitioner",
  "PractitionerRole",
  "Organization",
  "Location",
]);

/** Whether resources of this type are shared among records: people, organizations and places. */
export function isDirectoryType(resourceType: string): boolean {
  return DIRECTORY_TYPES.has(resourceType);
}

/** A business identifier. */
export interface Identifier {
  readonly system: string;
  readonly value: string;
}

/** A person, organization or place, known once however many bundles bring it. */
export interface DirectoryEntry {
  readonly resourceType: string;
  /** The stored id, the same in every record that has a copy. */
  readonly id: string;
  readonly identifiers: readonly Identifier[];
}

/** The identifiers of a resource that have both a system and a value. */
export function identifiersOf(resource: JsonObject): Identifier[] {
  return objectsIn(resource.identifier).flatMap((identifier) => {
    const system = stringIn(identifier, "system");
    const value = stringIn(identifier, "value");
    return system && value ? [{ system, value }] : [];
  });
}

/** People, organizations and places by identifier, so that each is stored under one id. Give one directory to all bundles. */
export class Directory {
  readonly #entries = new Map<string, DirectoryEntry>();
  readonly #byIdentifier = new Map<string, DirectoryEntry[]>();

  /** @param entries what is known already, for example from a database */
  constructor(entries: Iterable<DirectoryEntry> = []) {
    for (const entry of entries) this.#keep(entry);
  }

  /** Every entry, in the order of arrival. */
  get entries(): readonly DirectoryEntry[] {
    return [...this.#entries.values()];
  }

  /**
   * The entry that shares an identifier with the resource and contradicts none: two people with one driver's licence number but different
   * record numbers stay two people.
   */
  find(resourceType: string, identifiers: readonly Identifier[]): DirectoryEntry | undefined {
    const candidates = identifiers.flatMap((one) => this.#byIdentifier.get(keyOf(resourceType, one)) ?? []);
    return candidates.find((entry) => !contradict(entry.identifiers, identifiers));
  }

  /** The entry for a resource: the known one, or a new one with `id`. */
  add(
    resourceType: string,
    id: string,
    resource: JsonObject,
  ): { readonly entry: DirectoryEntry; readonly known: boolean } {
    const identifiers = identifiersOf(resource);
    const found = this.find(resourceType, identifiers) ?? this.#entries.get(`${resourceType}/${id}`);
    if (found) return { entry: found, known: true };
    const entry = { resourceType, id, identifiers };
    this.#keep(entry);
    return { entry, known: false };
  }

  #keep(entry: DirectoryEntry): void {
    this.#entries.set(`${entry.resourceType}/${entry.id}`, entry);
    for (const identifier of entry.identifiers) {
      const key = keyOf(entry.resourceType, identifier);
      this.#byIdentifier.set(key, [...(this.#byIdentifier.get(key) ?? []), entry]);
    }
  }
}

function keyOf(resourceType: string, identifier: Identifier): string {
  return JSON.stringify([resourceType, identifier.system, identifier.value]);
}

function contradict(known: readonly Identifier[], given: readonly Identifier[]): boolean {
  return given.some(({ system, value }) => {
    const same = known.filter((identifier) => identifier.system === system);
    return same.length > 0 && same.every((identifier) => identifier.value !== value);
  });
}
