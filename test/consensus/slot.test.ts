import { expect } from "chai";
import fc from "fast-check";
import { roundOf, slotAt, slotOf, slotStart } from "../../src/consensus/slot.js";

const clock = { genesis: 1_700_000_000, slotTime: 2 };

describe("consensus/slot", () => {
  it("counts slots from the genesis on", () => {
    expect([0, 1.999, 2, 3, 4].map((second) => slotAt(clock.genesis + second, clock))).to.deep.equal([0, 0, 1, 1, 2]);
    expect(slotAt(clock.genesis - 1, clock)).to.equal(-1);
    expect(slotStart(3, clock)).to.equal(clock.genesis + 6);
  });

  it("has a slot begin where the one before ends", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 60 }), (slot, slotTime) => {
        const at = { genesis: 1_700_000_000, slotTime };
        expect(slotAt(slotStart(slot, at), at)).to.equal(slot);
        expect(slotAt(slotStart(slot, at) - 0.001, at)).to.equal(slot - 1);
      }),
    );
  });

  it("gives the first slot after the parent's to round 0", () => {
    expect(roundOf(8, 7)).to.equal(0);
    expect(roundOf(7, 7)).to.equal(-1);
    fc.assert(fc.property(fc.nat(), fc.nat(), (round, parent) => roundOf(slotOf(round, parent), parent) === round));
  });
});
