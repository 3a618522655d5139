import { expect } from "chai";
import fc from "fast-check";
import { ArgumentInvalid } from "../../../tasks/arguments/argumentInvalid.js";
import { durationArgument, momentArgument } from "../../../tasks/arguments/time.js";

const now = new Date("2026-11-24T10:30:00Z");

describe("times as arguments", () => {
  it("takes a day for its first second in UTC", () => {
    const days = fc.date({ min: new Date("1970-01-01"), max: new Date("2999-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(days, (date) => {
        const day = date.toISOString().slice(0, 10);
        expect(momentArgument(day, now).toISOString()).to.equal(`${day}T00:00:00.000Z`);
      }),
    );
  });

  it("takes a time with its zone", () => {
    expect(momentArgument("2026-11-24T10:00:00+01:00", now).toISOString()).to.equal("2026-11-24T09:00:00.000Z");
    expect(momentArgument("2026-11-24T10:00Z", now).toISOString()).to.equal("2026-11-24T10:00:00.000Z");
  });

  it("counts from now", () => {
    expect(momentArgument("30d", now).toISOString()).to.equal("2026-12-24T10:30:00.000Z");
    expect(momentArgument("90m", now).toISOString()).to.equal("2026-11-24T12:00:00.000Z");
  });

  for (const text of ["", "tomorrow", "2026-02-30", "2026-13-01", "24.11.2026", "2026-11-24T10:00:00", "-1d", "1y"]) {
    it(`refuses "${text}"`, () => {
      expect(() => momentArgument(text, now)).to.throw(ArgumentInvalid, /2026-11-24/);
    });
  }

  it("reads durations, and refuses what is none", () => {
    expect(["900s", "30m", "4h", "7d"].map(durationArgument)).to.deep.equal([900, 1_800, 14_400, 604_800]);
    expect(() => durationArgument("4")).to.throw(ArgumentInvalid, /4h/);
  });
});
