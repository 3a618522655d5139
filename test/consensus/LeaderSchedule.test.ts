import { expect } from "chai";
import fc from "fast-check";
import { GOLDEN, leaderSeat } from "../../src/consensus/schedule.js";
import { ethers, loadFixture } from "../fixture.js";

async function deployed() {
  return ethers.deployContract("LeaderSchedule__Harness");
}

const MAX_TOTAL = 2n ** 64n - 1n;

function endsOf(powers: readonly bigint[]): bigint[] {
  let sum = 0n;
  return powers.map((power) => {
    sum += power;
    return sum;
  });
}

/** 1 to 128 seats of any powers that 64 bits hold together. */
const anyEnds = fc
  .array(fc.oneof(fc.bigInt(1n, 5n), fc.bigInt(1n, MAX_TOTAL / 128n)), { minLength: 1, maxLength: 128, size: "max" })
  .map(endsOf);

/** Sets whose ends are the points of slots, give or take one: where a rounding that differs would show. */
const hostile = fc
  .record({
    slots: fc.array(fc.integer({ min: 1, max: 2 ** 40 - 1 }), { minLength: 1, maxLength: 60, size: "max" }),
    total: fc.bigInt(1_000n, MAX_TOTAL),
    offset: fc.bigInt(-1n, 1n),
  })
  .map(({ slots, total, offset }) => {
    const points = slots.map((slot) => (BigInt.asUintN(128, BigInt(slot) * GOLDEN) * total) >> 128n);
    const ends = [...new Set([...points.map((point) => point + offset), total])];
    const inside = ends.filter((end) => end > 0n && end <= total).sort((a, b) => (a < b ? -1 : 1));
    return { ends: inside, slots };
  });

const anySlot = fc.oneof(
  fc.maxSafeNat(),
  fc.integer({ min: 0, max: 100 }),
  fc.constantFrom(0, 2 ** 40 - 1, 2 ** 53 - 1),
);

describe("LeaderSchedule: Solidity and TypeScript", () => {
  async function expectTheSame(ends: readonly bigint[], slots: readonly number[]): Promise<void> {
    const harness = await loadFixture(deployed);
    const total = ends.at(-1) ?? 0n;
    const expected = slots.map((slot) => BigInt(leaderSeat(slot, ends, total)));
    expect(await harness.getFunction("leadersOf")([...ends], [...slots])).to.deep.equal(expected);
    await harness.getFunction("keep")([...ends]);
    expect(await harness.getFunction("keptLeadersOf")(ends.length, total, [...slots])).to.deep.equal(expected);
  }

  it("name the same seat for any slot of any set", async () => {
    await fc.assert(
      fc.asyncProperty(anyEnds, fc.array(anySlot, { minLength: 1, maxLength: 100, size: "max" }), expectTheSame),
      { numRuns: 40 },
    );
  });

  it("name the same seat where an interval ends at the very point of a slot", async () => {
    await fc.assert(
      fc.asyncProperty(hostile, ({ ends, slots }) => expectTheSame(ends, slots)),
      { numRuns: 40 },
    );
  });

  it("give the largest and the smallest set the same", async () => {
    await expectTheSame([1n], [0, 1, 2 ** 40]);
    await expectTheSame([MAX_TOTAL], [0, 1, 2 ** 40]);
    await expectTheSame(endsOf(Array<bigint>(128).fill(1n)), [0, 1, 127, 128, 2 ** 40]);
    await expectTheSame(endsOf([...Array<bigint>(127).fill(1n), MAX_TOTAL - 127n]), [0, 1, 127, 128, 2 ** 40]);
  });
});

describe("LeaderSchedule: fairness", () => {
  const CHUNK = 2_000;

  const sets: Record<string, readonly bigint[]> = {
    "four equals": [1n, 1n, 1n, 1n],
    "shares just below a third": [3_333n, 3_333n, 3_333n, 1n],
    "a giant share, and dust": [10n ** 18n, 10n ** 18n, 10n ** 18n, 1n, 2n, 3n],
    "the golden ratio's own cuts": endsToPowers([987n, 1_597n, 2_584n, 4_181n, 6_765n, 10_946n]),
    "21 of descending stake": Array.from({ length: 21 }, (_, index) => BigInt(1_000 - 37 * index)),
  };
  for (const [name, powers] of Object.entries(sets)) {
    it(`is within 5 slots of every share of 20,000 slots, and of every 2,000 on the way, by the contract: ${name}`, async () => {
      const harness = await loadFixture(deployed);
      const ends = endsOf(powers);
      const total = ends.at(-1) ?? 0n;
      const led = powers.map(() => 0n);
      for (let slots = 0; slots < 20_000; slots += CHUNK) {
        const chunk: bigint[] = await harness.getFunction("tally")(ends, 400_000_000 + slots, CHUNK);
        for (const [seat, count] of chunk.entries()) led[seat] = (led[seat] ?? 0n) + count;
        for (const [seat, power] of powers.entries()) {
          const excess = (led[seat] ?? 0n) * total - power * BigInt(slots + CHUNK);
          expect(excess <= 5n * total && excess >= -5n * total).to.equal(true);
        }
      }
    });
  }
});

function endsToPowers(ends: readonly bigint[]): bigint[] {
  return ends.map((end, index) => end - (ends[index - 1] ?? 0n));
}
