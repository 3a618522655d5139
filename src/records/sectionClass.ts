import { DataClass, type DataClassCode } from "./dataClass.js";
import { type JsonObject, objectsIn, stringIn } from "./json.js";

const CLASS_OF_TYPE: Readonly<Record<string, DataClassCode>> = {
  Encounter: DataClass.Encounter,
  Condition: DataClass.Conditions,
  AllergyIntolerance: DataClass.Allergies,
  Medication: DataClass.Medications,
  MedicationAdministration: DataClass.Medications,
  MedicationDispense: DataClass.Medications,
  MedicationRequest: DataClass.Medications,
  MedicationStatement: DataClass.Medications,
  Immunization: DataClass.Immunizations,
  Procedure: DataClass.Procedures,
  QuestionnaireResponse: DataClass.Surveys,
  DiagnosticReport: DataClass.Reports,
  ImagingStudy: DataClass.Imaging,
  Media: DataClass.Imaging,
  CarePlan: DataClass.CarePlans,
  CareTeam: DataClass.CarePlans,
  Goal: DataClass.CarePlans,
  Binary: DataClass.Documents,
  Composition: DataClass.Documents,
  DocumentManifest: DataClass.Documents,
  DocumentReference: DataClass.Documents,
  Device: DataClass.Devices,
  DeviceRequest: DataClass.Devices,
  DeviceUseStatement: DataClass.Devices,
  Account: DataClass.Financial,
  ChargeItem: DataClass.Financial,
  Claim: DataClass.Financial,
  ClaimResponse: DataClass.Financial,
  Coverage: DataClass.Financial,
  ExplanationOfBenefit: DataClass.Financial,
  Invoice: DataClass.Financial,
  Patient: DataClass.Demographics,
  Person: DataClass.Demographics,
  RelatedPerson: DataClass.Demographics,
  HealthcareService: DataClass.Providers,
  Location: DataClass.Providers,
  Organization: DataClass.Providers,
  Practitioner: DataClass.Providers,
  PractitionerRole: DataClass.Providers,
};

const CLASS_OF_OBSERVATION: Readonly<Record<string, DataClassCode>> = {
  "vital-signs": DataClass.VitalSigns,
  laboratory: DataClass.Laboratory,
  survey: DataClass.Surveys,
  imaging: DataClass.Imaging,
  procedure: DataClass.Procedures,
};

// HL7 v3 ActEncounterCode, and the words that older senders use.
const CLASS_OF_ENCOUNTER: Readonly<Record<string, DataClassCode>> = {
  AMB: DataClass.AmbulatoryRecord,
  AMBULATORY: DataClass.AmbulatoryRecord,
  OUTPATIENT: DataClass.AmbulatoryRecord,
  EMER: DataClass.EmergencyRecord,
  EMERGENCY: DataClass.EmergencyRecord,
  IMP: DataClass.InpatientRecord,
  ACUTE: DataClass.InpatientRecord,
  NONAC: DataClass.InpatientRecord,
  INPATIENT: DataClass.InpatientRecord,
  HH: DataClass.HomeRecord,
  VR: DataClass.VirtualRecord,
};

/** The data class of a section, from 0 to 17: by its type, an Observation's by the first category that has a class. */
export function sectionClassOf(resource: JsonObject): DataClassCode {
  const type = stringIn(resource, "resourceType") ?? "";
  if (type !== "Observation") return lookUp(CLASS_OF_TYPE, type) ?? DataClass.OtherClinical;
  for (const category of objectsIn(resource.category)) {
    for (const coding of objectsIn(category.coding)) {
      const found = lookUp(CLASS_OF_OBSERVATION, stringIn(coding, "code") ?? "");
      if (found !== undefined) return found;
    }
  }
  return DataClass.OtherClinical;
}

/** The data class of a whole record, from 24 to 29, by the code in `Encounter.class`. */
export function recordClassOf(encounter: JsonObject): DataClassCode {
  const code = stringIn(encounter.class, "code") ?? "";
  return lookUp(CLASS_OF_ENCOUNTER, code.toUpperCase()) ?? DataClass.OtherRecord;
}

function lookUp(table: Readonly<Record<string, DataClassCode>>, key: string): DataClassCode | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
