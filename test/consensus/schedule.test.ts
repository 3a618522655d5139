import { expect } from "chai";
import fc from "fast-check";
import { GOLDEN, leaderSeat } from "../../src/consensus/schedule.js";

const LONGEST_RUN = 20_000;
const LATEST_START = 2 ** 40;

function endsOf(powers: readonly bigint[]): bigint[] {
  let sum = 0n;
  return powers.map((power) => {
    sum += power;
    return sum;
  });
}

/** Cuts the greatest power until each is below a third. */
function belowThird(powers: readonly bigint[]): bigint[] {
  const greatest = powers.toSorted((a, b) => Number(b - a))[0] ?? 0n;
  const rest = powers.reduce((a, b) => a + b) - greatest;
  if (2n * greatest < rest) return [...powers];
  return belowThird(powers.with(powers.indexOf(greatest), (rest - 1n) / 2n));
}

/** How far the seats' slots get from their shares in the runs that begin at `start`, of up to `length` slots. */
function farthestFromShare(powers: readonly bigint[], start: number, length: number): number {
  const ends = endsOf(powers);
  const total = ends.at(-1) ?? 0n;
  const shares = powers.map((power) => Number(power) / Number(total));
  const led = powers.map(() => 0);
  let farthest = 0;
  // Between the slots that it leads, a seat only falls behind, so it is enough to look just before and just after those.
  for (let slots = 0; slots < length; slots++) {
    const seat = leaderSeat(start + slots, ends, total);
    const share = shares[seat] ?? 0;
    const before = led[seat] ?? 0;
    led[seat] = before + 1;
    farthest = Math.max(farthest, Math.abs(before - slots * share), Math.abs(before + 1 - (slots + 1) * share));
  }
  return shares.reduce((far, share, seat) => Math.max(far, Math.abs((led[seat] ?? 0) - length * share)), farthest);
}

const anyPowers = fc
  .array(fc.oneof(fc.bigInt(1n, 10n), fc.bigInt(1n, 2n ** 63n), fc.constantFrom(1n, 2n ** 63n, 10n ** 18n)), {
    minLength: 4,
    maxLength: 100,
    size: "max",
  })
  .map(belowThird);

/** Powers whose ends lie where the golden ratio's own multiples do: the worst places for it. */
const hostilePowers = fc
  .array(fc.integer({ min: 1, max: LONGEST_RUN }), { minLength: 4, maxLength: 99, size: "max" })
  .map((slots) => {
    const points = slots.map((slot) => BigInt.asUintN(128, BigInt(slot) * GOLDEN) >> 66n);
    const ends = [...new Set([...points, 2n ** 62n])].sort((a, b) => (a < b ? -1 : 1));
    const powers = ends.map((end, index) => end - (ends[index - 1] ?? 0n)).filter((power) => power > 0n);
    return powers.length < 4 ? [1n, 1n, 1n, 1n] : powers;
  });

describe("consensus/schedule", () => {
  it("uses the golden ratio, 128 bits of it", () => {
    // 1 / phi = (sqrt 5 - 1) / 2; floor(x * 2^128) is the g for which (2g + 2^128)^2 <= 5 * 2^256 holds last.
    const fits = (golden: bigint) => (2n * golden + 2n ** 128n) ** 2n <= 5n * 2n ** 256n;
    expect([fits(GOLDEN), fits(GOLDEN + 1n)]).to.deep.equal([true, false]);
  });

  it("gives the seat whose interval holds the slot's point", () => {
    const ends = [10n, 40n, 40n, 100n];
    expect([0, 1, 2, 3, 4, 5].map((slot) => leaderSeat(slot, ends, 100n))).to.deep.equal([0, 3, 1, 3, 3, 0]);
  });

  it("never gives a slot to a seat without power", () => {
    const ends = [0n, 5n, 5n, 9n, 9n];
    for (let slot = 0; slot < 1000; slot++) expect([1, 3]).to.include(leaderSeat(slot, ends, 9n));
  });

  it("is exact for every slot and power that there can be", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), anyPowers, (slot, powers) => {
        const ends = endsOf(powers);
        const total = ends.at(-1) ?? 0n;
        const seat = leaderSeat(slot, ends, total);
        const point = (((BigInt(slot) * GOLDEN) % 2n ** 128n) * total) / 2n ** 128n;
        expect((ends[seat - 1] ?? 0n) <= point && point < (ends[seat] ?? 0n)).to.equal(true);
      }),
    );
  });

  for (const [kind, powers] of [
    ["random", anyPowers],
    ["hostile", hostilePowers],
  ] as const) {
    it(`keeps every seat within 5 slots of its share in any run of 1 to ${LONGEST_RUN} slots: ${kind} powers`, () => {
      fc.assert(
        fc.property(powers, fc.integer({ min: 0, max: LATEST_START }), (drawn, start) => {
          expect(farthestFromShare(drawn, start, LONGEST_RUN)).to.be.at.most(5);
        }),
        { numRuns: 100 },
      );
    });
  }
});
