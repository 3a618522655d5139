import { expect } from "chai";
import { DataClass } from "../../src/records/dataClass.js";
import { recordClassOf, sectionClassOf } from "../../src/records/sectionClass.js";

const observation = (...codes: string[]) => ({
  resourceType: "Observation",
  category: codes.map((code) => ({ coding: [{ code }] })),
});

describe("records/sectionClass", () => {
  it("classes sections by type", () => {
    expect(sectionClassOf({ resourceType: "Encounter" })).to.equal(DataClass.Encounter);
    expect(sectionClassOf({ resourceType: "MedicationRequest" })).to.equal(DataClass.Medications);
    expect(sectionClassOf({ resourceType: "ExplanationOfBenefit" })).to.equal(DataClass.Financial);
    expect(sectionClassOf({ resourceType: "Goal" })).to.equal(DataClass.CarePlans);
    expect(sectionClassOf({ resourceType: "Patient" })).to.equal(DataClass.Demographics);
    expect(sectionClassOf({ resourceType: "Organization" })).to.equal(DataClass.Providers);
  });

  it("classes observations by the first category that has a class", () => {
    expect(sectionClassOf(observation("vital-signs"))).to.equal(DataClass.VitalSigns);
    expect(sectionClassOf(observation("exam", "laboratory"))).to.equal(DataClass.Laboratory);
    expect(sectionClassOf(observation("exam"))).to.equal(DataClass.OtherClinical);
    expect(sectionClassOf(observation())).to.equal(DataClass.OtherClinical);
  });

  it("has a class for whatever else comes", () => {
    for (const resourceType of ["Provenance", "constructor", "__proto__", ""]) {
      expect(sectionClassOf({ resourceType }), resourceType).to.equal(DataClass.OtherClinical);
    }
    expect(sectionClassOf(observation("constructor"))).to.equal(DataClass.OtherClinical);
  });

  it("classes records by the encounter", () => {
    const expected = { AMB: 24, ambulatory: 24, EMER: 25, IMP: 26, ACUTE: 26, NONAC: 26, HH: 27, VR: 28, FLD: 29 };
    for (const [code, dataClass] of Object.entries(expected))
      expect(recordClassOf({ class: { code } }), code).to.equal(dataClass);
    expect(recordClassOf({})).to.equal(DataClass.OtherRecord);
  });
});
