import type { BundleEntry, PatientBundle } from "./bundle.js";
import { isDirectoryType } from "./directory.js";
import { isJsonObject, type JsonObject, type JsonValue, objectsIn, stringIn } from "./json.js";
import { storedIdOf } from "./storedId.js";

/** What kind of fact about a person was found. */
export type LeakKind = "name" | "identifier" | "contact" | "address" | "date" | "organization";

/** A fact about a person found in a text that should have none. */
export interface Leak {
  readonly kind: LeakKind;
  /** Position of the text in the list that was searched, from 0. */
  readonly index: number;
  /** JSON path of the string in that text. */
  readonly path: string;
  /** The fact that was found. Handle it like the patient's data. */
  readonly found: string;
}

/**
 * Searches de-identified texts for anything from one patient's bundle that says who: names, identifiers and ids of 4 characters or more,
 * telephone numbers, addresses, full dates, and the names, ids and addresses of practitioners and organizations.
 *
 * Strings are compared whole and by runs of whole tokens, never by substring: a ZIP code inside a decimal is no leak.
 *
 * @param bundle the patient's bundle
 * @param deidentified texts that were made from it, JSON in UTF-8
 */
export function findLeaks(bundle: PatientBundle, deidentified: readonly Uint8Array[]): Leak[] {
  const needles = needlesOf(bundle);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  return deidentified.flatMap((bytes, index) => {
    const leaks: Leak[] = [];
    eachString(JSON.parse(decoder.decode(bytes)), "$", (text, path, isCode) => {
      for (const [found, kind] of matches(text, needles, isCode)) leaks.push({ kind, index, path, found });
    });
    return leaks;
  });
}

/** Facts by the text that would show them, tokens joined by one space. */
interface Needles {
  readonly byText: ReadonlyMap<string, LeakKind>;
  readonly longest: number;
}

const TOKENS = /[\p{L}\p{N}](?:[\p{L}\p{N}'.:+-]*[\p{L}\p{N}])?/gu;

function tokensOf(text: string): string[] {
  return text.match(TOKENS) ?? [];
}

function needlesOf(bundle: PatientBundle): Needles {
  const byText = new Map<string, LeakKind>();
  const add = (kind: LeakKind, value: string | undefined, shortest: number): void => {
    if (value === undefined || value.trim().length < shortest) return;
    // Names and places are compared as written, in capitals and with a capital letter; in small letters they could be FHIR's own code words.
    for (const form of new Set([value, value.toUpperCase(), capitalized(value)]))
      byText.set(tokensOf(form).join(" "), kind);
  };
  for (const entry of bundle.entries) {
    addIdentifiers(entry, add);
    if (isDirectoryType(entry.resourceType)) addDirectory(entry, add);
    eachString(entry.resource, "$", (text) => {
      const date = /^\d{4}-\d{2}(-\d{2})?/.exec(text)?.[0];
      if (date !== undefined) add("date", date, 7);
    });
  }
  byText.delete("");
  return { byText, longest: Math.max(1, ...[...byText.keys()].map((text) => text.split(" ").length)) };
}

type Add = (kind: LeakKind, value: string | undefined, shortest: number) => void;

function addIdentifiers({ resource, fullUrl }: BundleEntry, add: Add): void {
  add("identifier", stringIn(resource, "id"), 4);
  add("identifier", fullUrl, 4);
  add("identifier", storedIdOf(fullUrl), 4);
  for (const identifier of objectsIn(resource.identifier)) add("identifier", stringIn(identifier, "value"), 4);
}

function addDirectory({ resource, resourceType }: BundleEntry, add: Add): void {
  const isPerson = resourceType === "Patient" || resourceType === "Practitioner";
  if (!isPerson) add("organization", stringIn(resource, "name"), 4);
  for (const name of objectsIn(resource.name)) {
    for (const part of [name.family, name.given].flat()) addName(part, add);
    add("name", stringIn(name, "text"), 4);
  }
  for (const telecom of objectsIn(resource.telecom)) add("contact", stringIn(telecom, "value"), 4);
  for (const address of [...objectsIn(resource.address), ...extensionAddresses(resource)]) addAddress(address, add);
  for (const extension of objectsIn(resource.extension)) addName(extension.valueString, add);
  for (const contact of objectsIn(resource.contact)) {
    for (const name of objectsIn(contact.name)) for (const part of [name.family, name.given].flat()) addName(part, add);
    for (const telecom of objectsIn(contact.telecom)) add("contact", stringIn(telecom, "value"), 4);
  }
}

function addName(name: JsonValue | undefined, add: Add): void {
  if (typeof name !== "string") return;
  add("name", name, 3);
  for (const part of tokensOf(name)) add("name", part, 3);
}

function extensionAddresses(resource: JsonObject): JsonObject[] {
  return objectsIn(resource.extension).flatMap((extension) => objectsIn(extension.valueAddress));
}

function addAddress(address: JsonObject, add: Add): void {
  for (const line of [address.line, address.city].flat()) if (typeof line === "string") add("address", line, 3);
  add("address", stringIn(address, "postalCode"), 4);
}

function capitalized(value: string): string {
  return value
    .toLowerCase()
    .replace(/(^|[^\p{L}])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());
}

function matches(text: string, { byText, longest }: Needles, isCode: boolean): Map<string, LeakKind> {
  const found = new Map<string, LeakKind>();
  const tokens = tokensOf(text);
  for (let from = 0; from < tokens.length; from += 1) {
    for (let to = from + 1; to <= Math.min(tokens.length, from + longest); to += 1) {
      const run = tokens.slice(from, to).join(" ");
      const kind = byText.get(run) ?? byText.get(run.replace(/^(\d{4}-\d{2}-\d{2})T.*$/, "$1"));
      // A code of a public system that is only digits is a concept, though somebody's house or licence may have the same number.
      if (kind !== undefined && !(isCode && /^\d{1,8}$/.test(run))) found.set(run, kind);
    }
  }
  return found;
}

function eachString(
  value: JsonValue,
  path: string,
  visit: (text: string, path: string, isCode: boolean) => void,
): void {
  if (Array.isArray(value)) for (const [index, item] of value.entries()) eachString(item, `${path}[${index}]`, visit);
  if (!isJsonObject(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    const isCode = key === "code" && typeof value.system === "string";
    if (typeof inner === "string") visit(inner, `${path}.${key}`, isCode);
    else if (Array.isArray(inner)) {
      for (const [index, item] of inner.entries()) {
        if (typeof item === "string") visit(item, `${path}.${key}[${index}]`, false);
        else eachString(item, `${path}.${key}[${index}]`, visit);
      }
    } else eachString(inner, `${path}.${key}`, visit);
  }
}
