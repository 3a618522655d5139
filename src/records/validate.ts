import { createRequire } from "node:module";
import { OperationOutcomeError, validateResource as validateWithMedplum } from "@medplum/core";
import { foreignCodes } from "./boundCodes.js";
import { fhirType, loadDefinitions } from "./fhirDefinitions.js";
import { isJsonObject, type JsonObject, objectsIn, stringIn } from "./json.js";

/** Which rule a resource broke. */
export type FindingRule = "structure" | "code" | "id" | "choice" | "reference" | "extension";

/** One thing that is wrong (`error`) or doubtful (`warning`) in a resource. */
export interface Finding {
  readonly severity: "error" | "warning";
  readonly rule: FindingRule;
  /** FHIRPath of the place as far as it is known, for example `Patient.birthDate`. */
  readonly path: string;
  readonly message: string;
}

/** Thrown for a resource that is not valid FHIR R4; `findings` are its errors. */
export class ResourceRefused extends Error {
  override readonly name = "ResourceRefused";
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    const listed = findings.slice(0, 3).map((finding) => `${finding.path}: ${finding.message}`);
    super(`Not valid FHIR R4, correct and send again: ${listed.join("; ")}`);
    this.findings = findings;
  }
}

/**
 * Checks one resource against FHIR R4 and refuses it on any error.
 *
 * @param resource a parsed resource, best from {@link readSource}, which bounds its size and depth
 * @returns the warnings: references that cannot be resolved as written and extensions that HL7 does not define
 * @throws ResourceRefused
 */
export function validateResource(resource: unknown): Finding[] {
  const findings = checkResource(resource);
  const errors = findings.filter((finding) => finding.severity === "error");
  if (errors.length > 0) throw new ResourceRefused(errors);
  return findings;
}

/**
 * Checks one resource and returns everything found, errors and warnings.
 *
 * Medplum checks structure, formats and invariants. Codes and ids, which it lets pass, are checked by Solara's schemas, and the codes of
 * value sets that those leave open against the sets that HL7 publishes.
 */
export function checkResource(resource: unknown): Finding[] {
  if (!isJsonObject(resource)) return [error("structure", "$", "send a JSON object with a resourceType")];
  const type = stringIn(resource, "resourceType");
  if (type === undefined || schemaOf(type) === undefined) {
    return [error("structure", "$.resourceType", NAME_A_TYPE)];
  }
  try {
    return [...structureFindings(resource), ...codeFindings(resource, type), ...plainFindings(resource, type)];
  } catch (cause) {
    // What exhausts a validator's stack was never a medical record.
    return [error("structure", type, `it cannot be validated (${cause instanceof Error ? cause.message : cause})`)];
  }
}

const NAME_A_TYPE = "name a FHIR R4 resource type";

function error(rule: FindingRule, path: string, message: string): Finding {
  return { severity: "error", rule, path, message };
}

function warning(rule: FindingRule, path: string, message: string): Finding {
  return { severity: "warning", rule, path, message };
}

interface OutcomeIssue {
  readonly severity?: string;
  readonly details?: { readonly text?: string };
  readonly expression?: readonly string[];
}

function structureFindings(resource: JsonObject): Finding[] {
  loadDefinitions();
  return medplumIssues(resource).map((issue) => {
    const message = issue.details?.text ?? "is not valid";
    const path = issue.expression?.[0] ?? "$";
    // Two values of one choice are only a warning to Medplum, but which of them counts would depend on the reader.
    if (/^Conflicting choice|^Type of primitive extension/.test(message)) return error("choice", path, message);
    if (issue.severity === "error" || issue.severity === "fatal") return error("structure", path, message);
    return warning(message.startsWith("Invalid reference") ? "reference" : "structure", path, message);
  });
}

function medplumIssues(resource: JsonObject): readonly OutcomeIssue[] {
  try {
    return validateWithMedplum(resource);
  } catch (thrown) {
    if (thrown instanceof OperationOutcomeError) return thrown.outcome.issue;
    throw thrown;
  }
}

interface Schema {
  safeParse(value: unknown): {
    readonly success: boolean;
    readonly error?: {
      readonly issues: readonly { readonly code: string; readonly path: PropertyKey[]; readonly message: string }[];
    };
  };
}

// The ESM build of this package does not load on Node, its CommonJS build does.
const require = createRequire(import.meta.url);
const schemas = new Map<string, Schema>();

/** Undefined for what is no resource type, or one that no resource has, such as `DomainResource`. */
function schemaOf(type: string): Schema | undefined {
  const known = schemas.get(type);
  if (known) return known;
  if (fhirType(type)?.kind !== "resource") return undefined;
  const library = require("@solarahealth/fhir-r4") as Record<string, () => Schema>;
  const schema = library[`create${type}Schema`]?.();
  if (schema !== undefined) schemas.set(type, schema);
  return schema;
}

function codeFindings(resource: JsonObject, type: string): Finding[] {
  const schema = schemaOf(type);
  if (schema === undefined) return [error("structure", `${type}.resourceType`, NAME_A_TYPE)];
  const findings: Finding[] = [];
  for (const issue of schema.safeParse(resource).error?.issues ?? []) {
    const path = [type, ...issue.path.map(String)].join(".");
    // A required code may be absent for a stated reason; that it is missing without one, Medplum says.
    if (issue.code === "invalid_value" && valueAt(resource, issue.path) !== undefined) {
      findings.push(error("code", path, issue.message));
    }
    if (issue.code === "invalid_format" && issue.path.at(-1) === "id") findings.push(error("id", path, issue.message));
  }
  for (const { path, allowed } of foreignCodes(resource, type)) {
    const known = findings.some((finding) => finding.path === path);
    if (!known) findings.push(error("code", path, `use one of ${allowed.slice(0, 20).join(", ")}`));
  }
  for (const contained of objectsIn(resource.contained)) {
    const containedType = stringIn(contained, "resourceType");
    if (containedType !== undefined) findings.push(...codeFindings(contained, containedType));
  }
  return findings;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

const KNOWN_EXTENSIONS = [
  "http://hl7.org/fhir/StructureDefinition/",
  "http://hl7.org/fhir/us/core/StructureDefinition/",
];

function plainFindings(resource: JsonObject, type: string): Finding[] {
  const findings: Finding[] = [];
  const contained = new Set(objectsIn(resource.contained).map((inner) => stringIn(inner, "id")));
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value)) for (const [index, item] of value.entries()) walk(item, `${path}[${index}]`);
    if (!isJsonObject(value)) return;
    if (Object.hasOwn(value, "__proto__")) findings.push(error("structure", path, 'remove the member "__proto__"'));
    const local = stringIn(value, "reference");
    if (local?.startsWith("#") && local !== "#" && !contained.has(local.slice(1))) {
      findings.push(warning("reference", path, `nothing contained has the id "${local.slice(1)}"`));
    }
    for (const [key, inner] of Object.entries(value)) {
      if (key === "extension" || key === "modifierExtension") findings.push(...unknownExtensions(inner, path));
      walk(inner, `${path}.${key}`);
    }
  };
  walk(resource, type);
  return findings;
}

function unknownExtensions(extensions: unknown, path: string): Finding[] {
  return objectsIn(extensions)
    .map((extension) => stringIn(extension, "url") ?? "")
    .filter((url) => url.includes(":") && !KNOWN_EXTENSIONS.some((known) => url.startsWith(known)))
    .map((url) => warning("extension", path, `HL7 does not define the extension ${url}`));
}
