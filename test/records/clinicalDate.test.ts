import { expect } from "chai";
import { clinicalDateOf, encounterPeriodOf } from "../../src/records/clinicalDate.js";

describe("records/clinicalDate", () => {
  it("takes the date that the resource has", () => {
    expect(clinicalDateOf({ recordedDate: "1965-04-29T19:47:23+00:00" })).to.equal(Date.UTC(1965, 3, 29, 19, 47, 23));
    expect(clinicalDateOf({ performedPeriod: { end: "2011-12-07" } })).to.equal(Date.UTC(2011, 11, 7));
    expect(clinicalDateOf({ onsetDateTime: "not a date", issued: "2010" })).to.equal(Date.UTC(2010, 0, 1));
    expect(clinicalDateOf({ date: 5, period: "x" })).to.equal(undefined);
  });

  it("reads an encounter's period, with an open or a wrong end", () => {
    const start = Date.UTC(2011, 0, 2);
    expect(encounterPeriodOf({ period: { start: "2011-01-02", end: "2011-01-03" } })).to.deep.equal({
      start,
      end: Date.UTC(2011, 0, 3),
    });
    expect(encounterPeriodOf({ period: { start: "2011-01-02" } })).to.deep.equal({ start, end: start });
    expect(encounterPeriodOf({ period: { start: "2011-01-02", end: "2010" } })).to.deep.equal({ start, end: start });
    expect(encounterPeriodOf({ period: { end: "2011-01-02" } })).to.deep.equal({ start, end: start });
    expect(encounterPeriodOf({ period: {} })).to.equal(undefined);
    expect(encounterPeriodOf({})).to.equal(undefined);
  });
});
