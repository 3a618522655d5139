import { expect } from "chai";
import { ArgumentInvalid } from "../../../tasks/arguments/argumentInvalid.js";
import { identityArgument } from "../../../tasks/arguments/identity.js";

describe("identities as arguments", () => {
  it("takes an identifier as FHIR writes it", () => {
    expect(identityArgument("http://hl7.org/fhir/sid/us-ssn|999-12-3456")).to.deep.equal({
      system: "http://hl7.org/fhir/sid/us-ssn",
      value: "999-12-3456",
    });
    expect(identityArgument("urn:a|b|c")).to.deep.equal({ system: "urn:a", value: "b|c" });
  });

  for (const text of ["", "999-12-3456", "|999", "urn:a|"]) {
    it(`refuses "${text}"`, () => {
      expect(() => identityArgument(text)).to.throw(ArgumentInvalid, /system\|value/);
    });
  }
});
