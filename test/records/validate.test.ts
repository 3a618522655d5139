import { expect } from "chai";
import { checkResource, ResourceRefused, validateResource } from "../../src/records/validate.js";
import { thrownBy } from "./tinyBundle.js";

const patient = { resourceType: "Patient", id: "a", gender: "male", birthDate: "1990-01-02" };
const observation = { resourceType: "Observation", status: "final", code: { text: "x" } };

function rulesOf(resource: unknown): string[] {
  return thrownBy(ResourceRefused, () => validateResource(resource)).findings.map((finding) => finding.rule);
}

describe("records/validate", () => {
  it("accepts a valid resource without warnings", () => {
    expect(validateResource(patient)).to.deep.equal([]);
  });

  it("refuses what is no resource", () => {
    for (const value of [null, undefined, 1, "Patient", [], [patient], {}, { resourceType: 7 }]) {
      expect(rulesOf(value), JSON.stringify(value)).to.deep.equal(["structure"]);
    }
    for (const resourceType of ["Foo", "HumanName", "DomainResource", "constructor", "__proto__", "code"]) {
      expect(rulesOf({ resourceType }), resourceType).to.deep.equal(["structure"]);
    }
  });

  it("refuses unknown and missing members, wrong types, bad dates and broken invariants", () => {
    expect(rulesOf({ ...patient, foo: 1 })).to.include("structure");
    expect(rulesOf({ resourceType: "Observation", status: "final" })).to.include("structure");
    expect(rulesOf({ ...patient, birthDate: 1990 })).to.include("structure");
    expect(rulesOf({ ...patient, birthDate: "02/01/1990" })).to.include("structure");
    expect(rulesOf({ ...patient, name: [null] })).to.include("structure");
    expect(rulesOf({ resourceType: "AllergyIntolerance", patient: { reference: "Patient/a" } })).to.include(
      "structure",
    );
  });

  it("refuses codes outside a closed value set", () => {
    expect(rulesOf({ ...patient, gender: "purple" })).to.deep.equal(["code"]);
    expect(rulesOf({ ...observation, status: "done" })).to.deep.equal(["code"]);
    const procedure = { resourceType: "Procedure", status: "done", subject: { reference: "Patient/a" } };
    expect(rulesOf(procedure)).to.deep.equal(["code"]);
    const plan = { resourceType: "CarePlan", status: "active", intent: "order", subject: { reference: "Patient/a" } };
    expect(rulesOf({ ...plan, activity: [{ detail: { kind: "Cure", status: "completed" } }] })).to.deep.equal(["code"]);
  });

  it("refuses a bad id", () => {
    for (const id of ["a b", "a/b", "", "x".repeat(65)]) expect(rulesOf({ ...patient, id }), id).to.include("id");
  });

  it("refuses two values of one choice, also in a part and as a primitive's extension", () => {
    expect(rulesOf({ ...observation, valueString: "a", valueInteger: 1 })).to.deep.equal(["choice"]);
    expect(
      rulesOf({ ...observation, component: [{ code: { text: "y" }, valueString: "a", valueInteger: 1 }] }),
    ).to.deep.equal(["choice"]);
    expect(
      rulesOf({
        ...observation,
        valueString: "a",
        _valueInteger: { extension: [{ url: "http://hl7.org/fhir/x", valueCode: "a" }] },
      }),
    ).to.deep.equal(["choice"]);
  });

  it("looks into contained resources", () => {
    expect(rulesOf({ ...patient, contained: [{ ...observation, id: "o", status: "done" }] })).to.deep.equal(["code"]);
    expect(rulesOf({ ...patient, contained: [{ ...observation, id: "o o" }] })).to.deep.equal(["id"]);
    expect(rulesOf({ ...patient, contained: [null] })).to.include("structure");
    for (const resourceType of ["Foo", "HumanName", "DomainResource", "__proto__"]) {
      const { findings } = thrownBy(ResourceRefused, () =>
        validateResource({ ...patient, contained: [{ resourceType, id: "x" }] }),
      );
      expect(findings.map(({ message }) => message)).to.include("name a FHIR R4 resource type");
    }
  });

  it("refuses __proto__ and a resource that is too deep, without a crash", () => {
    expect(rulesOf(JSON.parse('{"resourceType":"Patient","__proto__":{"gender":"male"}}'))).to.include("structure");
    let deep: object = { url: "http://x" };
    for (let level = 0; level < 5000; level += 1) deep = { url: "http://x", extension: [deep] };
    expect(rulesOf({ ...patient, extension: [deep] })).to.include("structure");
  });

  it("warns of references that do not resolve and of extensions that HL7 does not define", () => {
    const doubtful = {
      ...patient,
      managingOrganization: { reference: "#nobody" },
      extension: [{ url: "http://example.org/eye-colour", valueString: "green" }],
    };
    const findings = validateResource(doubtful);
    expect(findings.map(({ severity }) => severity)).not.to.include("error");
    expect(findings.map(({ rule }) => rule)).to.include.members(["reference", "extension"]);
    const references = checkResource({ ...patient, managingOrganization: { reference: "urn:uuid:x" } });
    expect(references.map(({ severity, rule }) => `${severity} ${rule}`)).to.deep.equal(["warning reference"]);
  });
});
