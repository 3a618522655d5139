import { closedCodes, isPublishedCode } from "./codeSystems.js";
import { isUcumUnit } from "./ucum.js";

/**
 * What may stay in a de-identified section (HIPAA Safe Harbor, 45 CFR 164.514(b)(2)): lists of what is allowed, by FHIR type and place.
 * What no list names is removed.
 */

/** Resource types that have a de-identified form. Patient has one of its own; documents, people and organizations have none. */
export const DEIDENTIFIABLE_TYPES: ReadonlySet<string> = new Set([
  "AllergyIntolerance",
  "CarePlan",
  "Claim",
  "Condition",
  "DiagnosticReport",
  "Encounter",
  "ExplanationOfBenefit",
  "FamilyMemberHistory",
  "Goal",
  "ImagingStudy",
  "Immunization",
  "Medication",
  "MedicationAdministration",
  "MedicationDispense",
  "MedicationRequest",
  "MedicationStatement",
  "Observation",
  "Procedure",
  "ServiceRequest",
]);

/** Datatypes whose members are looked at one by one. Names, addresses, contacts, narrative, notes and attachments are not here. */
export const OPENED_DATATYPES: ReadonlySet<string> = new Set([
  "CodeableConcept",
  "Dosage",
  "Money",
  "Period",
  "Range",
  "Ratio",
  "Timing",
]);

/** Primitive types whose source text says nothing about who. Strings of any kind are not here; codes and dates have their own rules. */
export const PLAIN_PRIMITIVES: ReadonlySet<string> = new Set([
  "boolean",
  "decimal",
  "integer",
  "positiveInt",
  "unsignedInt",
]);

/** Datatypes that are a number with a unit. */
export const QUANTITY_TYPES: ReadonlySet<string> = new Set(["Age", "Count", "Distance", "Duration", "Quantity"]);

/** Members removed wherever they stand: they say who, where, or how to find the original. */
export const REMOVED_MEMBERS: ReadonlySet<string> = new Set([
  "asserter",
  "careTeam",
  "careTeamSequence",
  "contained",
  "display",
  "extension",
  "id",
  "identifier",
  "implicitRules",
  "language",
  "location",
  "meta",
  "participant",
  "performer",
  "recorder",
  "requester",
  "serviceProvider",
  "text",
]);

/** References replaced by a statement that they are masked: without them a resource would be invalid or about nobody. */
export const MASKED_MEMBERS: ReadonlySet<string> = new Set(["subject", "patient", "provider", "insurer", "coverage"]);

const DIGITS = /^\d{1,18}$/;

/** Public code systems whose codes HL7 does not publish, and the shape of their codes. */
const CODE_SHAPES: readonly { readonly system: RegExp; readonly code: RegExp }[] = [
  { system: /^http:\/\/snomed\.info\/sct$/, code: DIGITS },
  { system: /^http:\/\/loinc\.org$/, code: /^(L[AP])?\d{1,7}-\d$/ },
  { system: /^http:\/\/www\.nlm\.nih\.gov\/research\/umls\/rxnorm$/, code: DIGITS },
  { system: /^http:\/\/hl7\.org\/fhir\/sid\/cvx$/, code: /^\d{1,3}$/ },
  { system: /^http:\/\/hl7\.org\/fhir\/sid\/icd-10(-cm)?$/, code: /^[A-Z]\d[0-9AB](\.[0-9A-Z]{1,4})?$/ },
  { system: /^http:\/\/hl7\.org\/fhir\/sid\/icd-10-pcs$/, code: /^(?=.*\d)[0-9A-Z]{7}$/ },
  { system: /^http:\/\/hl7\.org\/fhir\/sid\/icd-9(-cm)?$/, code: /^(\d{3}|V\d{2}|E\d{3})(\.\d{1,2})?$/ },
  { system: /^http:\/\/hl7\.org\/fhir\/sid\/ndc$/, code: /^[\d-]{8,14}$/ },
  { system: /^http:\/\/www\.ama-assn\.org\/go\/cpt$/, code: /^\d{4}[A-Z0-9]$/ },
  { system: /^http:\/\/www\.nubc\.org\/patient-discharge$/, code: /^\d{2}$/ },
  // Senders use numbers of these systems that HL7 does not list; three digits identify nobody.
  { system: /^http:\/\/terminology\.hl7\.org\/CodeSystem\/[A-Za-z0-9-]{1,64}$/, code: /^\d{1,3}$/ },
  {
    system: /^https:\/\/bluebutton\.cms\.gov\/resources\/(codesystem|variables)\/[a-z_]{1,64}$/,
    code: /^([0-9A-Z]|https:\/\/bluebutton\.cms\.gov\/resources\/variables\/[a-z_]{1,64})$/,
  },
];

/** Whether `code` is a code of a public code system. A code of any other system could be somebody's number. */
export function isPublicCode(system: string, code: string): boolean {
  if (system === UCUM) return isUcumUnit(code);
  return (
    isPublishedCode(system, code) || CODE_SHAPES.some((known) => known.system.test(system) && known.code.test(code))
  );
}

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));

/** Whether the value of a FHIR `code` may stay: it is one of a value set whose codes are all known. */
export function isClosedCode(valueSet: string, code: string): boolean {
  if (valueSet.includes("/ValueSet/currencies")) return CURRENCIES.has(code);
  return closedCodes(valueSet)?.has(code) ?? false;
}

export const UCUM = "http://unitsofmeasure.org";

const UNIT_WORDS: ReadonlySet<string> = new Set(
  "mcg mmHg bpm IU in lb oz years year months weeks days tablet".split(" "),
);

/** Whether a quantity's unit, a free text in FHIR, is a unit and nothing else. */
export function isUnit(unit: string): boolean {
  return UNIT_WORDS.has(unit) || isUcumUnit(unit);
}

const YEARS_PER_UNIT: Readonly<Record<string, number>> = {
  a: 1,
  y: 1,
  yr: 1,
  yrs: 1,
  year: 1,
  years: 1,
  mo: 1 / 12,
  month: 1 / 12,
  months: 1 / 12,
  wk: 7 / 365.25,
  week: 7 / 365.25,
  weeks: 7 / 365.25,
  d: 1 / 365.25,
  day: 1 / 365.25,
  days: 1 / 365.25,
  h: 1 / 8766,
  min: 1 / 525_960,
  s: 1 / 31_557_600,
};

/** `value` in years when `unit` is a unit of time, otherwise undefined. */
export function yearsOf(value: number, unit: string): number | undefined {
  // UCUM codes mean something else in capitals (A is ampere), words do not.
  const word = unit.length > 2 ? unit.toLowerCase() : unit;
  return Object.hasOwn(YEARS_PER_UNIT, word) ? value * (YEARS_PER_UNIT[word] ?? 0) : undefined;
}

/** From this age on, in years, everybody is in one group. */
export const OLDEST_AGE = 90;

// LOINC and SNOMED concepts whose value is the patient's age, in years where nothing else is said.
const AGE_CODES: ReadonlySet<string> = new Set([
  "http://loinc.org|21611-9",
  "http://loinc.org|21612-7",
  "http://loinc.org|29553-5",
  "http://loinc.org|30525-0",
  "http://loinc.org|63900-5",
  "http://snomed.info/sct|397669002",
  "http://snomed.info/sct|424144002",
]);

/** Whether an observation with this code tells an age. */
export function isAgeCode(system: string, code: string): boolean {
  return AGE_CODES.has(`${system}|${code}`);
}

const US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition";

/** Extensions of a Patient that may stay, with the codes allowed in them: OMB categories and birth sex. */
export const PATIENT_EXTENSIONS = {
  categories: new Set([`${US_CORE}/us-core-race`, `${US_CORE}/us-core-ethnicity`]),
  categorySystems: new Set(["urn:oid:2.16.840.1.113883.6.238", "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"]),
  categoryCode: /^(\d{4}-\d|UNK|ASKU)$/,
  birthSex: `${US_CORE}/us-core-birthsex`,
  birthSexCode: /^(M|F|OTH|UNK|ASKU)$/,
} as const;
