import { expect } from "chai";
import { oldestYear, yearOf } from "../../src/records/yearOnly.js";

describe("records/yearOnly", () => {
  it("keeps the year of any FHIR date", () => {
    for (const date of ["1985", "1985-03", "1985-03-17", "1985-03-17T08:00:00+00:00"])
      expect(yearOf(date, 1936), date).to.equal('"1985"');
  });

  it("groups everything 90 years and more before the record", () => {
    const oldest = oldestYear(new Date("2026-11-24T00:00:00Z"));
    expect(["1937-01-01", "1936", "1935-12-31", "1890"].map((date) => yearOf(date, oldest))).to.deep.equal([
      '"1937"',
      '"1936"',
      '"1936"',
      '"1936"',
    ]);
  });

  it("keeps nothing of what is no date", () => {
    for (const value of [undefined, 1985, "", "yesterday", "19850317", "Zelphira"])
      expect(yearOf(value, 1936)).to.equal(undefined);
  });
});
