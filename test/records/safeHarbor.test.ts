import { expect } from "chai";
import { isClosedCode, isPublicCode, isUnit, yearsOf } from "../../src/records/safeHarbor.js";

describe("records/safeHarbor", () => {
  it("knows codes of public systems by system and shape", () => {
    expect(isPublicCode("http://snomed.info/sct", "74400008")).to.equal(true);
    expect(isPublicCode("http://loinc.org", "8302-2")).to.equal(true);
    expect(isPublicCode("http://hl7.org/fhir/sid/icd-10-cm", "E11.9")).to.equal(true);
    expect(isPublicCode("http://terminology.hl7.org/CodeSystem/v3-ActCode", "AMB")).to.equal(true);
    expect(isPublicCode("http://unitsofmeasure.org", "mg/dL")).to.equal(true);
    expect(isPublicCode("http://terminology.hl7.org/CodeSystem/v3-ActCode", "Zelphira")).to.equal(false);
    expect(isPublicCode("http://hl7.org/fhir/sid/icd-10-cm", "SMITH")).to.equal(false);
    expect(isPublicCode("http://snomed.info/sct", "Zelphira")).to.equal(false);
    expect(isPublicCode("http://snomed.info/sct/Zelphira", "74400008")).to.equal(false);
    expect(isPublicCode("http://hospital.example/codes", "74400008")).to.equal(false);
    expect(isPublicCode("", "")).to.equal(false);
  });

  it("knows units from words", () => {
    for (const unit of ["cm", "mmHg", "tablet", "mL/min/{1.73_m2}"]) expect(isUnit(unit), unit).to.equal(true);
    for (const unit of ["Zelphira", "{Zelphira}", "555-867", "04321", ""]) expect(isUnit(unit), unit).to.equal(false);
  });

  it("lets closed codes stay and only currencies as currencies", () => {
    expect(isClosedCode("http://hl7.org/fhir/ValueSet/event-status|4.0.1", "entered-in-error")).to.equal(true);
    expect(isClosedCode("http://hl7.org/fhir/ValueSet/quantity-comparator|4.0.1", "<=")).to.equal(true);
    expect(isClosedCode("http://hl7.org/fhir/ValueSet/event-status|4.0.1", "555-867")).to.equal(false);
    expect(isClosedCode("http://hl7.org/fhir/ValueSet/currencies|4.0.1", "USD")).to.equal(true);
    expect(isClosedCode("http://hl7.org/fhir/ValueSet/currencies|4.0.1", "Zelphira")).to.equal(false);
  });

  it("knows units of time", () => {
    expect(yearsOf(93, "a")).to.equal(93);
    expect(yearsOf(93, "Years")).to.equal(93);
    expect(Math.round((yearsOf(1080, "mo") ?? 0) * 1000)).to.equal(90_000);
    expect(yearsOf(33_000, "d")).to.be.greaterThan(90);
    for (const unit of ["cm", "A", "constructor", ""]) expect(yearsOf(93, unit), unit).to.equal(undefined);
  });
});
