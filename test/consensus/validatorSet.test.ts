import { expect } from "chai";
import { InvalidAddress } from "../../src/accounts/address.js";
import { leaderSeat } from "../../src/consensus/schedule.js";
import { InvalidValidatorSet, ValidatorSet } from "../../src/consensus/validatorSet.js";
import { addressOf, seatsOf } from "./validators.js";

describe("consensus/validatorSet", () => {
  const set = new ValidatorSet(7, seatsOf(30n, 10n, 25n, 35n));

  it("knows seats, powers and their sum", () => {
    expect(set).to.include({ epoch: 7, total: 100n });
    expect(set.seatOf(addressOf(2))).to.equal(2);
    expect(set.seatOf(addressOf(4))).to.equal(undefined);
    expect([set.powerOf(1), set.powerOf(4)]).to.deep.equal([10n, 0n]);
  });

  it("takes addresses in any case, and keeps them checksummed", () => {
    const [seat] = seatsOf(1n);
    const validator = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
    const lower = new ValidatorSet(1, [{ candidate: 1, power: 1n, ...seat, validator: validator.toLowerCase() }]);
    expect(lower.seatOf(validator)).to.equal(0);
  });

  it("leads by the schedule of its powers", () => {
    for (let slot = 0; slot < 100; slot++) {
      expect(set.leaderSeat(slot)).to.equal(leaderSeat(slot, [30n, 40n, 65n, 100n], 100n));
    }
  });

  it("calls more than two thirds a quorum, and more than one third some", () => {
    const thirds = new ValidatorSet(1, seatsOf(1n, 1n, 1n));
    expect([1n, 2n, 3n].map((power) => thirds.isQuorum(power))).to.deep.equal([false, false, true]);
    expect([1n, 2n, 3n].map((power) => thirds.isSome(power))).to.deep.equal([false, true, true]);
    expect([66n, 67n].map((power) => set.isQuorum(power))).to.deep.equal([false, true]);
    expect([33n, 34n].map((power) => set.isSome(power))).to.deep.equal([false, true]);
  });

  it("refuses what cannot be a set", () => {
    const [first, second] = seatsOf(1n, 1n);
    const one = { candidate: 1, power: 1n, validator: addressOf(0), ...first };
    const two = { candidate: 2, power: 1n, validator: addressOf(1), ...second };
    const bad = [
      [],
      [two, one],
      [one, { ...two, candidate: 1 }],
      [one, { ...two, validator: one.validator }],
      [{ ...one, power: 0n }],
      [{ ...one, power: -1n }],
      [{ ...one, power: 2n ** 64n }],
      seatsOf(...Array.from({ length: 257 }, () => 1n)),
    ];
    for (const seats of bad)
      expect(() => new ValidatorSet(1, seats)).to.throw(InvalidValidatorSet, "ValidatorRegistry");
    expect(() => new ValidatorSet(1, [{ ...one, validator: "0x1" }])).to.throw(InvalidAddress);
  });
});
