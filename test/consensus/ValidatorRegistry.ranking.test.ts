import { expect } from "chai";
import fc from "fast-check";
import { loadFixture } from "../fixture.js";
import { type Consortium, coins, consortiumOf, institutionOf, powerOf, rankingOf } from "./world.js";

/** Six stand, in the order of their numbers; a seventh institution does not. */
async function sixStand() {
  const world = await consortiumOf([7_000, 6_000, 5_000, 4_000, 3_000, 2_000, 0].map(coins));
  const registry = world.validatorRegistry;
  return { ...world, world, registry, mine: registry.connect(world.delegator) };
}

/** Every kind of hint: right, the end, itself, others, somebody who does not stand, nobody. */
const HINTS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 65_535];

describe("ValidatorRegistry: ranking", () => {
  for (const hint of HINTS) {
    it(`is sorted with ${hint} as hint for whatever place`, async () => {
      const { world, registry, mine } = await loadFixture(sixStand);
      await mine.delegate(6, coins(5_500), hint);
      expect(await rankingOf(world)).to.deep.equal([6, 1, 2, 3, 4, 5]);
      await mine.undelegate(6, coins(4_000), hint);
      expect(await rankingOf(world)).to.deep.equal([1, 2, 3, 4, 6, 5]);
      await mine.redelegate(6, 4, coins(1_500), hint, hint);
      expect(await rankingOf(world)).to.deep.equal([1, 2, 4, 3, 5, 6]);
      await registry.connect(institutionOf(world, 6).operator).stand(0, coins(4_500), hint);
      expect(await rankingOf(world)).to.deep.equal([1, 2, 4, 3, 7, 5, 6]);
    });
  }

  it("takes as hint who is in jail, has resigned or is about to move", async () => {
    const { world, registry, mine, certifier } = await loadFixture(sixStand);
    await registry.connect(certifier).jail(1);
    await registry.connect(institutionOf(world, 1).operator).resign(2);
    await mine.delegate(6, coins(2_500), 1);
    expect(await rankingOf(world)).to.deep.equal([3, 6, 4, 5]);
    await mine.delegate(5, coins(1_700), 2);
    expect(await rankingOf(world)).to.deep.equal([3, 5, 6, 4]);
  });

  it("keeps equals in the order in which they came", async () => {
    const { world, registry, mine } = await loadFixture(sixStand);
    await mine.delegate(6, coins(3_000), 0);
    expect(await rankingOf(world)).to.deep.equal([1, 2, 3, 6, 4, 5]);
    await mine.delegate(4, coins(1_000), 0);
    expect(await rankingOf(world)).to.deep.equal([1, 2, 3, 6, 4, 5]);
    await registry.connect(institutionOf(world, 6).operator).stand(0, coins(5_000), 0);
    expect(await rankingOf(world)).to.deep.equal([1, 2, 3, 6, 4, 7, 5]);
  });

  it("leaves who still fits where it is, also when it becomes equal to a neighbour", async () => {
    const { world, mine, registry } = await loadFixture(sixStand);
    await mine.delegate(3, coins(1_000), 0);
    expect(await rankingOf(world)).to.deep.equal([1, 2, 3, 4, 5, 6]);
    await registry.connect(institutionOf(world, 1).operator).undelegate(2, 1n, 0);
    expect(await powerOf(world, 2)).to.equal(5_999_999_999_999n);
    expect(await rankingOf(world)).to.deep.equal([1, 3, 2, 4, 5, 6]);
    await mine.undelegate(3, 1n, 0);
    expect(await rankingOf(world)).to.deep.equal([1, 3, 2, 4, 5, 6]);
  });

  it("does not move anybody for less than a gwei", async () => {
    const { world, mine } = await loadFixture(sixStand);
    await mine.delegate(3, coins(1_000), 0);
    await mine.delegate(3, 999_999_999n, 0);
    expect(await rankingOf(world)).to.deep.equal([1, 2, 3, 4, 5, 6]);
    await mine.delegate(3, 1n, 0);
    expect(await rankingOf(world)).to.deep.equal([1, 3, 2, 4, 5, 6]);
  });

  it("holds one, and none", async () => {
    const { world, registry } = await loadFixture(sixStand);
    for (let candidate = 1; candidate < 6; candidate += 1) {
      await registry.connect(institutionOf(world, candidate - 1).operator).resign(candidate);
    }
    expect(await rankingOf(world)).to.deep.equal([6]);
    await registry.connect(institutionOf(world, 5).operator).resign(6);
    expect(await rankingOf(world)).to.deep.equal([]);
    expect(await registry.ranks(0)).to.equal(0);
    await registry.connect(institutionOf(world, 2).operator).stand(0, 0, 6);
    expect(await rankingOf(world)).to.deep.equal([3]);
  });

  it("is dearer with a wrong hint, but the same", async () => {
    const gasWith = async (hint: number): Promise<bigint> => {
      const { world, mine } = await loadFixture(manyStand);
      const receipt = await (await mine.delegate(30, coins(130), hint)).wait();
      expect((await rankingOf(world)).indexOf(30)).to.equal(23);
      return receipt?.gasUsed ?? 0n;
    };
    const right = await gasWith(23);
    for (const wrong of [0, 1, 29, 65_535]) expect((await gasWith(wrong)) > right).to.equal(true);
  });

  it("is the sorted list after any delegations with any hints", async () => {
    const step = fc.record({
      candidate: fc.integer({ min: 1, max: 6 }),
      amount: fc.integer({ min: 1, max: 3 }),
      hint: fc.constantFrom(...HINTS),
      isGain: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const { world, mine } = await loadFixture(sixStand);
        const stakes = new Map<number, number>();
        for (const { candidate, amount, hint, isGain } of steps) {
          const stake = stakes.get(candidate) ?? 0;
          const change = isGain ? amount : -Math.min(amount, stake);
          if (change > 0) await mine.delegate(candidate, coins(change * 1_000), hint);
          if (change < 0) await mine.undelegate(candidate, coins(-change * 1_000), hint);
          stakes.set(candidate, stake + change);
        }
        await expectSorted(world, (candidate) => 8_000 - 1_000 * candidate + 1_000 * (stakes.get(candidate) ?? 0));
      }),
      { numRuns: 12 },
    );
  });
});

/** 30 candidates: the first with 1,580 coins, each next one with 20 less. */
async function manyStand() {
  const world = await consortiumOf(Array.from({ length: 30 }, (_, index) => coins(1_580 - 20 * index)));
  return { world, mine: world.validatorRegistry.connect(world.delegator) };
}

async function expectSorted(world: Consortium, stakeOf: (candidate: number) => number): Promise<void> {
  const ranking = await rankingOf(world);
  expect([...ranking].sort()).to.deep.equal([1, 2, 3, 4, 5, 6]);
  const powers = await Promise.all(ranking.map((candidate) => powerOf(world, candidate)));
  expect(powers).to.deep.equal(ranking.map((candidate) => coins(stakeOf(candidate)) / 1_000_000_000n));
  expect(powers).to.deep.equal([...powers].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0)));
}
