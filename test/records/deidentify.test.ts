import { expect } from "chai";
import fc from "fast-check";
import { deidentify } from "../../src/records/deidentify.js";
import { checkResource } from "../../src/records/validate.js";
import { observationText, textOfBytes, utf8 } from "./tinyBundle.js";

const places = new Map([
  ["Encounter/e", "Encounter/s0"],
  ["Condition/c", "Condition/s1"],
  ["Patient/p", "Patient/s2"],
  ["Practitioner/d", "Practitioner/s3"],
]);
const context = { places, recordedAt: new Date("2026-11-24T00:00:00Z") };
const loinc = (code: string) => ({ coding: [{ system: "http://loinc.org", code }] });
const MASKED = {
  extension: [{ url: "http://hl7.org/fhir/StructureDefinition/data-absent-reason", valueCode: "masked" }],
};

function textLeft(resource: object | string): string {
  const result = deidentify(utf8(typeof resource === "string" ? resource : JSON.stringify(resource)), context);
  if (result.bytes === undefined) throw new Error(result.withheld);
  const text = textOfBytes(result.bytes);
  expect(checkResource(JSON.parse(text)).filter(({ severity }) => severity === "error")).to.deep.equal([]);
  return text;
}

function left(resource: object | string): Record<string, unknown> {
  return JSON.parse(textLeft(resource));
}

function withheld(resource: object): string | undefined {
  return deidentify(utf8(JSON.stringify(resource)), context).withheld;
}

const observation = (members: object) => ({
  resourceType: "Observation",
  status: "final",
  code: loinc("8302-2"),
  ...members,
});

describe("records/deidentify", () => {
  it("keeps codes and quantities with their source text, and nothing else of an observation", () => {
    const text = observationText("o", "e", "1.50").replace(/urn:uuid:e"/, 'Encounter/e"');
    expect(textLeft(text)).to.equal(
      `{"resourceType":"Observation","status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],"code":{"coding":[{"system":"http:\\/\\/loinc.org","code":"8302-2"}]},"subject":${JSON.stringify(MASKED)},"encounter":{"reference":"Encounter/s0"},"effectiveDateTime":"2011","valueQuantity":{"value":1.50,"unit":"cm","system":"http://unitsofmeasure.org","code":"cm"}}`,
    );
  });

  it("keeps the source text of every number", () => {
    const decimal = fc
      .tuple(fc.integer(), fc.constantFrom("", ".0", ".50", ".000", "e2", ".1E-3"))
      .map(([whole, rest]) => `${whole}${rest}`);
    fc.assert(
      fc.property(fc.oneof(decimal, fc.constantFrom("-0.0", "1.50", "1e2", "0.00")), (number) => {
        expect(textLeft(observationText("o", "e", number))).to.include(`"value":${number},`);
      }),
      { numRuns: 100 },
    );
  });

  it("keeps of a patient only gender, birth year, race, ethnicity and birth sex", () => {
    const us = "http://hl7.org/fhir/us/core/StructureDefinition/us-core";
    const omb = (code: string) => ({
      url: "ombCategory",
      valueCoding: { system: "urn:oid:2.16.840.1.113883.6.238", code, display: "Zelphira" },
    });
    const patient = {
      resourceType: "Patient",
      id: "p",
      gender: "female",
      birthDate: "1950-03-17",
      deceasedDateTime: "2020-01-19",
      multipleBirthInteger: 3,
      name: [{ family: "Quimbleton" }],
      maritalStatus: { text: "M" },
      address: [{ city: "Fernhollow", state: "MA" }],
      extension: [
        { url: `${us}-race`, extension: [omb("2106-3"), { url: "text", valueString: "Zelphira" }] },
        { url: `${us}-ethnicity`, extension: [omb("Zelphira"), { url: "text", valueString: "x" }] },
        { url: `${us}-birthsex`, valueCode: "F" },
        { url: "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName", valueString: "Drumhelm" },
      ],
    };
    const { valueCoding } = omb("2106-3");
    const kept = { system: valueCoding.system, code: valueCoding.code };
    expect(left(patient)).to.deep.equal({
      resourceType: "Patient",
      gender: "female",
      birthDate: "1950",
      extension: [
        { url: `${us}-race`, extension: [{ url: "ombCategory", valueCoding: kept }] },
        { url: `${us}-birthsex`, valueCode: "F" },
      ],
    });
  });

  it("puts everybody of 90 and more into one group of birth years", () => {
    const birthYear = (birthDate: string) => left({ resourceType: "Patient", birthDate }).birthDate;
    expect([
      birthYear("1937-12-31"),
      birthYear("1936-01-01"),
      birthYear("1920-05-05"),
      birthYear("1899"),
    ]).to.deep.equal(["1937", "1936", "1936", "1936"]);
  });

  it("lets no old event say how old somebody is", () => {
    const condition = {
      resourceType: "Condition",
      subject: { reference: "Patient/p" },
      onsetDateTime: "1921-02-03",
      recordedDate: "2012-04-05",
    };
    expect(left(condition)).to.include({ onsetDateTime: "1936", recordedDate: "2012" });
  });

  it("groups ages of 90 and more, in any unit, also in ranges", () => {
    const age = (value: number, code: string) => ({ value, unit: code, system: "http://unitsofmeasure.org", code });
    const oldest = { value: 90, comparator: ">=", unit: "a", system: "http://unitsofmeasure.org", code: "a" };
    const condition = { resourceType: "Condition", subject: MASKED };
    expect(left({ ...condition, onsetAge: age(93, "a") }).onsetAge).to.deep.equal(oldest);
    expect(left({ ...condition, onsetAge: age(1100, "mo") }).onsetAge).to.deep.equal(oldest);
    expect(left({ ...condition, onsetAge: age(89, "a") }).onsetAge).to.deep.equal(age(89, "a"));
    expect(left(observation({ valueQuantity: { value: 97, unit: "years" } })).valueQuantity).to.deep.equal(oldest);
    const { comparator: _, ...simple } = oldest;
    expect(left({ ...condition, onsetRange: { low: age(91, "a"), high: age(95, "a") } }).onsetRange).to.deep.equal({
      low: simple,
      high: simple,
    });
  });

  it("groups ages that only the code tells", () => {
    const age = { resourceType: "Observation", status: "final", code: loinc("30525-0") };
    expect(left({ ...age, valueInteger: 95 }).valueInteger).to.equal(90);
    expect(left({ ...age, valueInteger: 42 }).valueInteger).to.equal(42);
    expect(left({ ...age, valueQuantity: { value: 95 } }).valueQuantity).to.include({ value: 90, comparator: ">=" });
    expect(
      left(observation({ valueInteger: 95, component: [{ code: loinc("30525-0"), valueInteger: 95 }] })),
    ).to.deep.include({
      valueInteger: 95,
      component: [{ code: loinc("30525-0"), valueInteger: 90 }],
    });
  });

  it("drops instants, which can show no less than the second", () => {
    expect(left(observation({ issued: "2011-12-23T12:11:31.952+00:00" }))).not.to.have.property("issued");
  });

  it("keeps references to sections of the record, masks those that name somebody, drops the others", () => {
    const kept = left({
      resourceType: "Condition",
      subject: { reference: "Patient/p", display: "Zelphira" },
      encounter: { reference: "Encounter/e" },
      evidence: [
        { detail: [{ reference: "Condition/c" }, { reference: "Condition/elsewhere" }] },
        { detail: [{ reference: "Condition/elsewhere" }] },
      ],
      asserter: { reference: "Practitioner/d" },
    });
    expect(kept).to.deep.equal({
      resourceType: "Condition",
      subject: MASKED,
      encounter: { reference: "Encounter/s0" },
      evidence: [{ detail: [{ reference: "Condition/s1" }] }],
    });
  });

  it("masks what is required and may not stay", () => {
    const goal = {
      resourceType: "Goal",
      lifecycleStatus: "accepted",
      description: { text: "Zelphira walks" },
      subject: { reference: "Patient/p" },
    };
    expect(left(goal)).to.deep.equal({
      resourceType: "Goal",
      lifecycleStatus: "accepted",
      description: MASKED,
      subject: MASKED,
    });
    const immunization = {
      resourceType: "Immunization",
      status: "completed",
      vaccineCode: { text: "x" },
      patient: { reference: "Patient/p" },
      occurrenceString: "when Zelphira was ten",
    };
    expect(left(immunization)).to.deep.equal({
      resourceType: "Immunization",
      status: "completed",
      vaccineCode: MASKED,
      patient: MASKED,
      _occurrenceString: MASKED,
    });
  });

  it("drops codes of systems that are not public and codes of another shape", () => {
    const coding = [
      { system: "http://hospital.example/bed", code: "Bed-of-Zelphira" },
      { system: "http://snomed.info/sct", code: "Zelphira" },
      { system: "http://snomed.info/sct", code: "74400008", display: "Appendicitis", version: "Zelphira" },
      { code: "no-system" },
    ];
    expect(left(observation({ valueCodeableConcept: { coding, text: "x" } })).valueCodeableConcept).to.deep.equal({
      coding: [{ system: "http://snomed.info/sct", code: "74400008" }],
    });
  });

  it("keeps a unit only when it is a unit", () => {
    expect(left(observation({ valueQuantity: { value: 5, unit: "Zelphira" } })).valueQuantity).to.deep.equal({
      value: 5,
    });
    expect(left(observation({ valueQuantity: { value: 5, unit: "mg/dL" } })).valueQuantity).to.deep.equal({
      value: 5,
      unit: "mg/dL",
    });
  });

  it("has no form for people, organizations, documents and unknown types", () => {
    for (const resourceType of [
      "Practitioner",
      "Organization",
      "Location",
      "DocumentReference",
      "Binary",
      "RelatedPerson",
      "Foo",
    ]) {
      expect(withheld({ resourceType }), resourceType).to.include("never");
    }
  });

  it("withholds what a modifier could turn round", () => {
    const modifierExtension = [{ url: "http://hl7.org/fhir/StructureDefinition/x", valueBoolean: true }];
    expect(withheld(observation({ modifierExtension }))).to.include("modifierExtension");
    expect(withheld(observation({ component: [{ code: loinc("8302-2"), modifierExtension }] }))).to.include(
      "modifierExtension",
    );
  });

  it("withholds what would be invalid", () => {
    const clinicalStatus = { coding: [{ system: "http://hospital.example/status", code: "active" }] };
    expect(
      withheld({ resourceType: "AllergyIntolerance", patient: { reference: "Patient/p" }, clinicalStatus }),
    ).to.include("invalid");
  });

  it("lets nothing through wherever a name, a number or a date of somebody is written", () => {
    const secret = fc.stringMatching(/^[A-Z][a-z]{5,9}Q[a-z]{3}\d{4}$/);
    fc.assert(
      fc.property(secret, (word) => {
        const text = textLeft(everywhere(word));
        expect(text).not.to.include(word);
        expect(text).not.to.match(/\d{4}-\d{2}-\d{2}/);
      }),
      { numRuns: 30 },
    );
  });
});

/** A valid procedure with `word` in every member that takes free text, an identifier or somebody's name. */
function everywhere(word: string): object {
  const concept = {
    id: word,
    coding: [{ system: `http://${word}.example`, version: word, code: word, display: word }],
    text: word,
  };
  const reference = {
    reference: `Practitioner/${word}`,
    type: "Practitioner",
    display: word,
    identifier: { system: "urn:x", value: word },
  };
  const extension = [{ url: `http://example.org/${word}`, valueString: word }];
  return {
    resourceType: "Procedure",
    id: word,
    meta: { source: `urn:${word}`, tag: [{ code: word }] },
    language: "en",
    text: { status: "generated", div: `<div xmlns="http://www.w3.org/1999/xhtml">${word}</div>` },
    contained: [{ resourceType: "Patient", id: "c", name: [{ family: word, given: [word] }] }],
    extension,
    identifier: [{ system: `urn:${word}`, value: word, assigner: reference }],
    instantiatesUri: [`urn:${word}`],
    basedOn: [{ reference: `CarePlan/${word}` }],
    status: "completed",
    category: concept,
    code: concept,
    subject: reference,
    encounter: { reference: `Encounter/${word}`, display: word },
    performedPeriod: { start: "2011-12-23T12:11:31+00:00", end: "2011-12-24", extension },
    recorder: reference,
    asserter: reference,
    performer: [{ function: concept, actor: reference, onBehalfOf: reference }],
    location: reference,
    reasonCode: [concept],
    reasonReference: [{ reference: "#c", display: word }],
    bodySite: [concept],
    outcome: concept,
    report: [{ display: word }],
    complication: [concept],
    followUp: [concept],
    note: [{ authorString: word, time: "2011-12-24T01:02:03Z", text: word }],
    focalDevice: [{ action: concept, manipulated: reference }],
    usedReference: [reference],
    usedCode: [concept],
  };
}
