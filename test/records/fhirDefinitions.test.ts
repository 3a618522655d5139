import { expect } from "chai";
import { elementOf, fhirType } from "../../src/records/fhirDefinitions.js";

describe("records/fhirDefinitions", () => {
  it("knows types and what is none", () => {
    expect(fhirType("Observation")?.kind).to.equal("resource");
    expect(fhirType("ObservationComponent")?.parentType?.name).to.equal("Observation");
    for (const name of ["Foo", "constructor", "__proto__", ""]) expect(fhirType(name), name).to.equal(undefined);
  });

  it("finds members, chosen ones by their type", () => {
    expect(elementOf("Observation", "status")).to.include({ type: "code", required: true });
    expect(elementOf("Observation", "valueQuantity")).to.include({ type: "Quantity", required: false });
    expect(elementOf("Immunization", "occurrenceDateTime")).to.include({ type: "dateTime", required: true });
  });

  it("finds no member that the type does not have", () => {
    for (const key of ["foo", "value", "valueFoo", "valueAddress", "constructor", "_status"]) {
      expect(elementOf("Observation", key), key).to.equal(undefined);
    }
  });
});
