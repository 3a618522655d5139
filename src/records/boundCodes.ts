import { closedCodes } from "./codeSystems.js";
import { elementOf } from "./fhirDefinitions.js";
import { isJsonObject, type JsonObject, type JsonValue } from "./json.js";

/** A `code` that is none of the value set it is bound to. */
export interface ForeignCode {
  /** Type and members, joined by points: `CarePlan.activity.0.detail.status`. */
  readonly path: string;
  readonly code: string;
  readonly allowed: readonly string[];
}

/** The members of FHIR type `code` whose value is outside a required value set with known codes. Contained resources are not looked into. */
export function foreignCodes(value: JsonObject, type: string, path: string = type): ForeignCode[] {
  return Object.entries(value).flatMap(([key, member]) => {
    const use = key === "contained" ? undefined : elementOf(type, key);
    if (use === undefined) return [];
    const bound = use.type === "code" && use.element.binding?.strength === "required";
    const allowed = bound ? closedCodes(use.element.binding?.valueSet ?? "") : undefined;
    return itemsOf(member, `${path}.${key}`).flatMap(({ item, itemPath }) => {
      if (isJsonObject(item)) return foreignCodes(item, use.type, itemPath);
      if (typeof item !== "string" || allowed === undefined || allowed.has(item)) return [];
      return [{ path: itemPath, code: item, allowed: [...allowed] }];
    });
  });
}

function itemsOf(member: JsonValue, path: string): { item: JsonValue; itemPath: string }[] {
  if (!Array.isArray(member)) return [{ item: member, itemPath: path }];
  return member.map((item, index) => ({ item, itemPath: `${path}.${index}` }));
}
