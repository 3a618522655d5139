import type { FastifyInstance } from "fastify";
import { PURPOSE_PREFIX } from "../login.js";
import type { MedicalDatabase } from "../medicalDatabase.js";
import { databaseOf } from "./caller.js";
import { route, sendResource } from "./route.js";
import { fhirBaseOf, type Service } from "./service.js";

const SECTION_TYPES = [
  ...["AllergyIntolerance", "CarePlan", "CareTeam", "Claim", "Condition", "Coverage", "Device", "DiagnosticReport"],
  ...["DocumentReference", "Encounter", "ExplanationOfBenefit", "Goal", "ImagingStudy", "Immunization", "Location"],
  ...["Medication", "MedicationAdministration", "MedicationRequest", "Observation", "Organization", "Patient"],
  ...["Practitioner", "PractitionerRole", "Procedure", "QuestionnaireResponse"],
];

const SECURITY =
  "Log in with a certified wallet: fetch a nonce, sign an ERC-4361 message for this address with one resource " +
  `${PURPOSE_PREFIX}CODE that names the purpose of use, send it to login, and use the Bearer token. ` +
  "Every read is decided by the patient's consent on the chain.";

const EXPORT_OPERATION = "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export";
const EXPORT =
  "The delivery of an order of the data market, for its buyer: give its number as _order, and by POST the public key to which the " +
  "content keys are to be wrapped.";

/** `GET metadata`, which needs no login. */
export function addMetadataRoute(app: FastifyInstance, service: Service): void {
  route(app, "/:institution/fhir/metadata", {
    GET: {
      handler: async (request, reply) => {
        const database = databaseOf(service, request);
        return sendResource(reply, capabilityStatement(database, fhirBaseOf(service, database)));
      },
    },
  });
}

/** What the service can do, as a FHIR R4 CapabilityStatement. */
export function capabilityStatement({ institution }: MedicalDatabase, url: string) {
  const read = [{ code: "read" }];
  const resource = ["Bundle", ...SECTION_TYPES].map((type) => ({ type, interaction: read }));
  return {
    resourceType: "CapabilityStatement",
    status: "active",
    date: "2026-11-24",
    kind: "instance",
    software: { name: "Healthchain medical database" },
    implementation: { description: institution.name, url },
    fhirVersion: "4.0.1",
    format: ["application/fhir+json"],
    rest: [
      {
        mode: "server",
        security: { description: SECURITY },
        resource,
        interaction: [{ code: "transaction" }],
        operation: [{ name: "export", definition: EXPORT_OPERATION, documentation: EXPORT }],
      },
    ],
  } as const;
}
