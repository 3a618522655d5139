import { expect } from "chai";
import { DataClass } from "../../src/records/dataClass.js";
import { InvalidTerms, type TermsRequest, termsOf, unpackGrant } from "../../src/records/terms.js";
import { InvalidDate } from "../../src/utcDay.js";

const request: TermsRequest = {
  purposes: ["TREAT", "HRESCH"],
  dataClasses: [DataClass.Conditions, DataClass.Laboratory],
  from: new Date("2027-03-14T12:34:56Z"),
  until: new Date("2027-06-14T12:34:56Z"),
};

describe("termsOf", () => {
  it("puts purposes and classes into bits and rounds to whole days", () => {
    expect(termsOf(request)).to.deep.equal({
      purposes: (1 << 0) | (1 << 8),
      dataClasses: (1 << 1) | (1 << 7),
      from: Date.parse("2027-03-14T00:00:00Z") / 1000,
      until: Date.parse("2027-06-15T00:00:00Z") / 1000,
    });
  });

  it("keeps the seconds when told to", () => {
    const { from, until } = termsOf({ ...request, exact: true });
    expect([from, until]).to.deep.equal(
      [Date.parse("2027-03-14T12:34:56Z"), Date.parse("2027-06-14T12:34:56Z")].map((t) => t / 1000),
    );
  });

  it("means every class of sections by all", () => {
    expect(termsOf({ ...request, dataClasses: "all" }).dataClasses).to.equal(0xffffff);
  });

  it("refuses terms that permit nothing", () => {
    expect(() => termsOf({ ...request, purposes: [] })).to.throw(InvalidTerms, "purpose");
    expect(() => termsOf({ ...request, dataClasses: [] })).to.throw(InvalidTerms, "class of sections");
    expect(() => termsOf({ ...request, dataClasses: [DataClass.InpatientRecord] })).to.throw(InvalidTerms, "scope");
    expect(() => termsOf({ ...request, until: new Date("2027-03-14T00:00:00Z") })).to.throw(InvalidTerms, "end after");
    expect(() => termsOf({ ...request, until: new Date(Number.NaN) })).to.throw(InvalidDate);
  });
});

describe("unpackGrant", () => {
  it("is undefined where nothing was granted", () => {
    expect(unpackGrant(0n)).to.equal(undefined);
  });
});
