import { expect } from "chai";
import fc from "fast-check";
import { expiryOf, InvalidExpiry } from "../../src/accounts/certificateExpiry.js";

const seconds = (iso: string) => Date.parse(iso) / 1000;

describe("expiryOf", () => {
  const rounded = {
    "2027-03-15T12:00:00Z": "2027-04-01T00:00:00Z",
    "2027-12-31T23:59:59.999Z": "2028-01-01T00:00:00Z",
    "2028-02-29T00:00:00Z": "2028-03-01T00:00:00Z",
    "2027-05-01T00:00:00Z": "2027-05-01T00:00:00Z",
    "2027-05-01T00:00:00.001Z": "2027-06-01T00:00:00Z",
  };
  for (const [date, expiry] of Object.entries(rounded)) {
    it(`makes ${expiry} of ${date}`, () => {
      expect(expiryOf(new Date(date))).to.equal(seconds(expiry));
    });
  }

  it("keeps the second when told to, and rounds up within it", () => {
    expect(expiryOf(new Date("2027-03-15T12:34:56Z"), { exact: true })).to.equal(seconds("2027-03-15T12:34:56Z"));
    expect(expiryOf(new Date("2027-03-15T12:34:56.001Z"), { exact: true })).to.equal(seconds("2027-03-15T12:34:57Z"));
  });

  it("is the first of a month, never earlier than the date, and never more than a month later", () => {
    const dates = fc.date({ min: new Date(1), max: new Date("9999-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(dates, (date) => {
        const expiry = new Date(expiryOf(date) * 1000);
        expect(expiry.toISOString()).to.match(/-01T00:00:00\.000Z$/);
        expect(expiry.getTime() - date.getTime()).to.be.within(0, 31 * 86_400_000 - 1);
        expect(expiryOf(expiry)).to.equal(expiry.getTime() / 1000);
      }),
    );
  });

  const invalid = { "no date": new Date(Number.NaN), "1970's start": new Date(0), "time's end": new Date(8.64e15) };
  for (const [what, date] of Object.entries(invalid)) {
    it(`refuses ${what}`, () => {
      expect(() => expiryOf(date)).to.throw(InvalidExpiry);
    });
  }
});
