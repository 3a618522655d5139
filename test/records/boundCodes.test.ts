import { expect } from "chai";
import { foreignCodes } from "../../src/records/boundCodes.js";

describe("records/boundCodes", () => {
  it("finds codes outside their value set, at any depth and in arrays", () => {
    const allergy = { category: ["food", "Zelphira"], reaction: [{ severity: "mild" }, { severity: "awful" }] };
    expect(foreignCodes(allergy, "AllergyIntolerance").map(({ path, code }) => `${path} ${code}`)).to.deep.equal([
      "AllergyIntolerance.category.1 Zelphira",
      "AllergyIntolerance.reaction.1.severity awful",
    ]);
  });

  it("says what is allowed", () => {
    const [found] = foreignCodes({ gender: "purple" }, "Patient");
    expect(found?.allowed).to.have.members(["male", "female", "other", "unknown"]);
  });

  it("leaves open codes, unknown members and contained resources to others", () => {
    const patient = { language: "xx-any", foo: "bar", contained: [{ resourceType: "Patient", gender: "purple" }] };
    expect(foreignCodes(patient, "Patient")).to.deep.equal([]);
    expect(foreignCodes({ total: { currency: "XYZ" } }, "Claim")).to.deep.equal([]);
  });
});
