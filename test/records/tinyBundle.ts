/** A small patient's bundle for the tests of the records library, as text, so that odd numbers and spaces survive. */
export const PATIENT = "0b1e0000-0000-4000-8000-000000000001";
export const DOCTOR = "0b1e0000-0000-4000-8000-000000000002";
export const HOSPITAL = "0b1e0000-0000-4000-8000-000000000003";
export const VISIT = "0b1e0000-0000-4000-8000-000000000010";
export const LATER_VISIT = "0b1e0000-0000-4000-8000-000000000020";

const SNOMED = "http://snomed.info/sct";

/** The urn of a resource with this number. */
export function urn(id: string): string {
  return `urn:uuid:${id}`;
}

/** A UUID that ends in `number`. */
export function uuid(number: number): string {
  return `0b1e0000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** An entry's JSON text around a resource's text. */
export function entryText(type: string, id: string, resourceText: string): string {
  return `{ "fullUrl": "${urn(id)}", "resource": ${resourceText}, "request": {"method":"POST","url":"${type}"} }`;
}

/** An entry's JSON text around a resource given as a value. */
export function entry(type: string, id: string, members: object): string {
  return entryText(type, id, JSON.stringify({ resourceType: type, id, ...members }));
}

/** A bundle's bytes from its entries' texts. */
export function bundleOf(...entries: string[]): Uint8Array {
  return new TextEncoder().encode(
    `{"resourceType":"Bundle","type":"transaction","entry":[\n${entries.join(",\n")}\n]}`,
  );
}

/** Patient, practitioner and organization. */
export function people(): string[] {
  return [
    entry("Patient", PATIENT, {
      identifier: [{ system: "http://hospital.example/mrn", value: "MRN-7734-21" }],
      name: [{ family: "Quimbleton", given: ["Zelphira"] }],
      telecom: [{ system: "phone", value: "555-867-5309" }],
      gender: "female",
      birthDate: "1950-03-17",
      address: [{ line: ["12 Larkspur Crescent"], city: "Fernhollow", postalCode: "04321" }],
    }),
    entry("Practitioner", DOCTOR, {
      identifier: [{ system: "http://hl7.org/fhir/sid/us-npi", value: "9912345" }],
      name: [{ family: "Drumhelm", given: ["Osric"] }],
    }),
    entry("Organization", HOSPITAL, {
      identifier: [{ system: "http://registry.example/org", value: "ORG-55-ALPHA" }],
      name: "FERNHOLLOW GENERAL HOSPITAL",
    }),
  ];
}

/** An encounter that begins on `date`. */
export function visit(id: string, date: string, members: object = {}): string {
  return entry("Encounter", id, {
    status: "finished",
    class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "AMB" },
    subject: { reference: urn(PATIENT) },
    participant: [{ individual: { reference: urn(DOCTOR) } }],
    period: { start: date, end: date },
    serviceProvider: { reference: urn(HOSPITAL) },
    ...members,
  });
}

/** A condition, linked to an encounter if one is given. */
export function condition(id: string, encounter?: string, members: object = {}): string {
  return entry("Condition", id, {
    code: { coding: [{ system: SNOMED, code: "74400008", display: "Appendicitis" }] },
    subject: { reference: urn(PATIENT) },
    ...(encounter === undefined ? {} : { encounter: { reference: urn(encounter) } }),
    ...members,
  });
}

/** The text of an observation of `value`, a number as it is to stand in the text. */
export function observationText(id: string, encounter: string, value: string): string {
  return `{"resourceType": "Observation" , "id":"${id}",
    "status":"final", "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],
    "code":{"coding":[{"system":"http:\\/\\/loinc.org","code":"8302-2"}],"text":"Body \\u0048eight"},
    "subject":{"reference":"${urn(PATIENT)}"}, "encounter":{"reference":"urn:uuid:${encounter}"},
    "effectiveDateTime":"2011-12-23T12:11:31+00:00", "issued":"2011-12-23T12:11:31.952+00:00",
    "valueQuantity":{"value": ${value} ,"unit":"cm","system":"http://unitsofmeasure.org","code":"cm"}}`;
}

/** Two visits with a condition and a measurement of 1.50 at the first. */
export function tinyBundle(...more: string[]): Uint8Array {
  return bundleOf(
    ...people(),
    visit(VISIT, "2011-12-23T12:11:31+00:00"),
    condition(uuid(11), VISIT, { onsetDateTime: "2011-12-20T08:00:00+00:00" }),
    entryText("Observation", uuid(12), observationText(uuid(12), VISIT, "1.50")),
    visit(LATER_VISIT, "2015-06-01T09:00:00+00:00"),
    ...more,
  );
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOfBytes(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** What `run` throws, which must be a `type`. */
export function thrownBy<T>(type: new (...args: never[]) => T, run: () => unknown): T {
  try {
    run();
  } catch (error) {
    if (error instanceof type) return error;
    throw error;
  }
  throw new Error(`nothing was thrown, expected ${type.name}`);
}
