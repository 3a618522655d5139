import { expect } from "chai";
import fc from "fast-check";
import { dayCeil, dayFloor, exactSecond, InvalidDate, isWholeDay } from "../src/utcDay.js";

const noon = new Date("2027-03-14T12:34:56.789Z");

describe("utcDay", () => {
  it("rounds to the day's first second, down and up", () => {
    expect(dayFloor(noon)).to.equal(Date.parse("2027-03-14T00:00:00Z") / 1000);
    expect(dayCeil(noon)).to.equal(Date.parse("2027-03-15T00:00:00Z") / 1000);
    expect(exactSecond(noon)).to.equal(Date.parse("2027-03-14T12:34:56Z") / 1000);
  });

  it("keeps what is a whole day", () => {
    const midnight = new Date("2027-03-14T00:00:00Z");
    expect(dayFloor(midnight)).to.equal(midnight.getTime() / 1000);
    expect(dayCeil(midnight)).to.equal(midnight.getTime() / 1000);
  });

  it("gives whole days around every date, at most a day apart", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date("9999-12-30"), noInvalidDate: true }), (date) => {
        const [floor, ceil] = [dayFloor(date), dayCeil(date)];
        expect([floor, ceil].every(isWholeDay)).to.equal(true);
        expect(floor * 1000).to.be.at.most(date.getTime());
        expect(ceil * 1000).to.be.at.least(date.getTime());
        expect(ceil - floor).to.be.at.most(86_400);
      }),
    );
  });

  it("refuses what no contract can hold", () => {
    for (const date of [new Date(Number.NaN), new Date(-1), new Date((2 ** 40 + 86_400) * 1000)]) {
      for (const round of [dayFloor, dayCeil, exactSecond]) expect(() => round(date)).to.throw(InvalidDate);
    }
  });
});
