import { expect } from "chai";
import { closedCodes, isPublishedCode } from "../../src/records/codeSystems.js";

describe("records/codeSystems", () => {
  it("knows the codes that HL7 publishes, nested ones too", () => {
    expect(isPublishedCode("http://terminology.hl7.org/CodeSystem/v3-ActCode", "AMB")).to.equal(true);
    expect(isPublishedCode("http://terminology.hl7.org/CodeSystem/v2-0074", "LAB")).to.equal(true);
    expect(isPublishedCode("http://terminology.hl7.org/CodeSystem/v3-ActCode", "")).to.equal(false);
    expect(isPublishedCode("http://snomed.info/sct", "Zelphira")).to.equal(false);
    expect(isPublishedCode("http://hospital.example", "AMB")).to.equal(false);
  });

  it("lists value sets, with and without a version", () => {
    expect([...(closedCodes("http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1") ?? [])]).to.have.members([
      "male",
      "female",
      "other",
      "unknown",
    ]);
    expect(closedCodes("http://hl7.org/fhir/ValueSet/event-status")?.has("not-done")).to.equal(true);
  });

  it("lists no set whose codes are not all known", () => {
    for (const name of ["currencies|4.0.1", "mimetypes|4.0.1", "nothing"])
      expect(closedCodes(`http://hl7.org/fhir/ValueSet/${name}`)).to.equal(undefined);
  });
});
