import { findNodeAtLocation, getNodeValue, type Node } from "jsonc-parser";
import { deidentifyPatient } from "./deidentifyPatient.js";
import { keepQuantity } from "./deidentifyQuantity.js";
import { type ElementUse, elementOf, fhirType } from "./fhirDefinitions.js";
import { isJsonObject, objectsIn, stringIn } from "./json.js";
import {
  DEIDENTIFIABLE_TYPES,
  isAgeCode,
  isClosedCode,
  isPublicCode,
  MASKED_MEMBERS,
  OLDEST_AGE,
  OPENED_DATATYPES,
  PLAIN_PRIMITIVES,
  QUANTITY_TYPES,
  REMOVED_MEMBERS,
} from "./safeHarbor.js";
import { type JsonSource, membersOf, readSource, textOf } from "./source.js";
import { checkResource } from "./validate.js";
import { oldestYear, yearOf } from "./yearOnly.js";

/** What de-identification needs to know beside the section itself. */
export interface DeidentificationContext {
  /** When the record is signed: dates more than 90 years before are grouped. */
  readonly recordedAt: Date;
  /** The record's sections: `Type/id` to record-local `Type/sN`. */
  readonly places: ReadonlyMap<string, string>;
}

/** The de-identified bytes, or why there are none. */
export type Deidentified =
  | { readonly bytes: Uint8Array; readonly withheld?: never }
  | { readonly withheld: string; readonly bytes?: never };

/**
 * The de-identified form of a stored section (HIPAA Safe Harbor): no names, identifiers, free text, practitioners or places; years
 * instead of dates; ages of 90 and more in one group. It is built from lists of what may stay, so an element that nobody thought of is
 * removed. Codes of public systems and numbers keep their source text, whitespace goes.
 *
 * @param bytes the stored text of a valid FHIR R4 resource
 * @returns `withheld` for types that have no de-identified form, and where what may stay would be misleading or invalid
 * @throws SourceRefused when `bytes` is not JSON
 */
export function deidentify(bytes: Uint8Array, context: DeidentificationContext): Deidentified {
  const source = readSource(bytes);
  const type = stringIn(source.value, "resourceType") ?? "";
  if (type !== "Patient" && !DEIDENTIFIABLE_TYPES.has(type)) return { withheld: `${type} is never de-identified` };
  // A modifier can turn the meaning round, so what is left without it must not be used.
  if (hasModifier(source.value)) return { withheld: "it has a modifierExtension" };
  const walk: Walk = { source, places: context.places, oldest: oldestYear(context.recordedAt), isAge: false };
  const text = type === "Patient" ? deidentifyPatient(source, walk.oldest) : keepMembers(walk, source.root, type).text;
  const fault = checkResource(JSON.parse(text)).find((finding) => finding.severity === "error");
  if (fault) return { withheld: `without what was removed it is invalid: ${fault.rule} at ${fault.path}` };
  return { bytes: new TextEncoder().encode(text) };
}

const MASK =
  '{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"masked"}]}';

interface Walk {
  readonly source: JsonSource;
  readonly places: ReadonlyMap<string, string>;
  readonly oldest: number;
  /** Whether the code of the object at hand says that its value is an age. */
  readonly isAge: boolean;
}

function hasModifier(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasModifier);
  if (!isJsonObject(value)) return false;
  return Object.entries(value).some(([key, inner]) => {
    if (key === "contained") return false;
    return key === "modifierExtension" || key === "implicitRules" || hasModifier(inner);
  });
}

/** The members that may stay, as JSON text; `empty` when all of them are masks. */
function keepMembers(outer: Walk, node: Node, type: string): { readonly text: string; readonly empty: boolean } {
  const walk = { ...outer, isAge: hasAgeCode(node) };
  const parts: string[] = [];
  let empty = true;
  for (const { key, value } of membersOf(node)) {
    if (key === "resourceType") parts.push(`"resourceType":${textOf(walk.source, value)}`);
    const use = REMOVED_MEMBERS.has(key) ? undefined : elementOf(type, key);
    if (use === undefined) continue;
    const kept = MASKED_MEMBERS.has(key) ? undefined : keepElement(walk, value, use);
    if (kept !== undefined) parts.push(`${JSON.stringify(key)}:${kept}`);
    else if (use.required || MASKED_MEMBERS.has(key)) parts.push(maskOf(key, value, use));
    if (kept !== undefined) empty = false;
  }
  return { text: `{${parts.join(",")}}`, empty };
}

function hasAgeCode(node: Node): boolean {
  const coding = findNodeAtLocation(node, ["code", "coding"]);
  const codings = coding === undefined ? [] : objectsIn(getNodeValue(coding));
  return codings.some((one) => isAgeCode(stringIn(one, "system") ?? "", stringIn(one, "code") ?? ""));
}

function maskOf(key: string, value: Node, use: ElementUse): string {
  if (value.type === "array") return `${JSON.stringify(key)}:[${MASK}]`;
  return `${JSON.stringify(isPrimitive(use.type) ? `_${key}` : key)}:${MASK}`;
}

function isPrimitive(type: string): boolean {
  return /^[a-z]/.test(type);
}

function keepElement(walk: Walk, node: Node, use: ElementUse): string | undefined {
  if (node.type !== "array") return keepValue(walk, node, use);
  const items = (node.children ?? []).flatMap((item) => keepValue(walk, item, use) ?? []);
  return items.length > 0 ? `[${items.join(",")}]` : undefined;
}

function keepValue(walk: Walk, node: Node, use: ElementUse): string | undefined {
  const { type } = use;
  if (PLAIN_PRIMITIVES.has(type)) {
    const isOldest = walk.isAge && node.type === "number" && Number(node.value) >= OLDEST_AGE;
    return isOldest ? String(OLDEST_AGE) : textOf(walk.source, node);
  }
  if (type === "date" || type === "dateTime") return yearOf(node.value, walk.oldest);
  if (type === "code") return keepCode(node, use);
  if (type === "Coding") return keepCoding(walk, node);
  if (type === "Reference") return keepReference(walk, node);
  if (QUANTITY_TYPES.has(type)) return keepQuantity(walk.source, node, use, walk.isAge);
  if (!OPENED_DATATYPES.has(type) && !isBackbone(type)) return undefined;
  const kept = keepMembers(walk, node, type);
  return kept.empty && !(use.required && isBackbone(type)) ? undefined : kept.text;
}

/** Backbone elements and the parts of opened datatypes are defined inside another type. */
function isBackbone(type: string): boolean {
  const parent = fhirType(type)?.parentType;
  if (parent === undefined) return false;
  return parent.kind === "resource" || OPENED_DATATYPES.has(parent.name) || isBackbone(parent.name);
}

function keepCode(node: Node, use: ElementUse): string | undefined {
  const binding = use.element.binding;
  if (binding?.strength !== "required" || typeof node.value !== "string") return undefined;
  return isClosedCode(binding.valueSet ?? "", node.value) ? JSON.stringify(node.value) : undefined;
}

function keepCoding(walk: Walk, node: Node): string | undefined {
  const members = new Map(membersOf(node).map(({ key, value }) => [key, value]));
  const system = members.get("system");
  const code = members.get("code");
  if (!system || !code || !isPublicCode(String(system.value), String(code.value))) return undefined;
  return `{"system":${textOf(walk.source, system)},"code":${textOf(walk.source, code)}}`;
}

function keepReference(walk: Walk, node: Node): string | undefined {
  const reference = membersOf(node).find(({ key }) => key === "reference")?.value.value;
  const place = walk.places.get(String(reference));
  if (place === undefined || !DEIDENTIFIABLE_TYPES.has(place.split("/")[0] ?? "")) return undefined;
  return `{"reference":${JSON.stringify(place)}}`;
}
