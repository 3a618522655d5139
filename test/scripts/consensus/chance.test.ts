import { expect } from "chai";
import fc from "fast-check";
import { EventQueue } from "../../../scripts/consensus/eventQueue.js";
import { drawPlan } from "../../../scripts/consensus/plan.js";
import { Random } from "../../../scripts/consensus/random.js";

const seeds = fc.maxSafeNat();
const sum = (powers: readonly bigint[]) => powers.reduce((total, power) => total + power, 0n);

describe("scripts/consensus, what a run is drawn from", () => {
  it("is the same chance for the same seed, and another for others", () => {
    const words = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 20 }, () => random.word());
    };
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(words(seed)).to.deep.equal(words(seed));
      }),
    );
    const first = [0, 1, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1].map((seed) => words(seed)[0]);
    expect(new Set(first).size).to.equal(first.length);
  });

  it("draws numbers in their range, all of them", () => {
    const random = new Random(1);
    const drawn = Array.from({ length: 1000 }, () => random.between(-2, 3));
    expect([...new Set(drawn)].sort((a, b) => a - b)).to.deep.equal([-2, -1, 0, 1, 2, 3]);
    expect(random.shuffled([1, 2, 3, 4]).sort()).to.deep.equal([1, 2, 3, 4]);
    expect([random.chance(0), random.chance(1)]).to.deep.equal([false, true]);
  });

  it("plans 4 to 10 validators, each below a third, the faulty ones together below a third", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { powers, faults } = drawPlan(new Random(seed));
        expect(powers.length).to.be.within(4, 10);
        for (const power of powers) expect(power > 0n && 3n * power < sum(powers)).to.equal(true);
        const faulty = powers.filter((_, seat) => faults.has(seat));
        expect(3n * sum(faulty) < sum(powers)).to.equal(true);
      }),
      { numRuns: 500 },
    );
  });

  it("takes events by time, and those of one time in the order in which they were put", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), (times) => {
        const queue = new EventQueue<number>();
        for (const [order, time] of times.entries()) queue.put(time, order);
        const taken = times.map(() => queue.take()?.event ?? -1);
        expect(taken).to.deep.equal([...times.keys()].sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b));
        expect(queue.take()).to.equal(undefined);
      }),
    );
  });
});
