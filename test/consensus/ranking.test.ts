import { expect } from "chai";
import fc from "fast-check";
import { delegate } from "../../src/consensus/delegate.js";
import { findHint, hintAfter, readRanking } from "../../src/consensus/ranking.js";
import { resign } from "../../src/consensus/resign.js";
import { ProviderMissing } from "../../src/provider.js";
import { ethers, loadFixture, rejection } from "../enrolled.js";
import { type Consortium, candidates, coins, consortium } from "./staked.js";

const GWEI = 10n ** 9n;

async function numbers({ validatorRegistry }: Consortium, limit?: number): Promise<number[]> {
  const ranking = await readRanking(validatorRegistry, limit === undefined ? {} : { limit });
  return ranking.map(({ candidate }) => candidate);
}

describe("readRanking", () => {
  it("lists who stands, with the most power first", async () => {
    const world = await loadFixture(candidates);
    const [first, ...others] = await readRanking(world.validatorRegistry);
    expect(first).to.deep.equal({
      candidate: 6,
      operator: await world.institutions[5]?.getAddress(),
      power: coins(600) / GWEI,
    });
    expect(others.map(({ candidate }) => candidate)).to.deep.equal([5, 4, 3, 2, 1]);
  });

  it("reads no further than it is asked to", async () => {
    const world = await loadFixture(candidates);
    expect(await numbers(world, 2)).to.deep.equal([6, 5]);
    expect(await numbers(world, 0)).to.deep.equal([]);
  });

  it("reads an earlier block", async () => {
    const world = await loadFixture(candidates);
    const blockTag = await ethers.provider.getBlockNumber();
    const last = world.institutions[5];
    if (last === undefined) throw new Error("There are too few institutions.");
    await resign(world.validatorRegistry.connect(last), 6);
    expect(await numbers(world)).to.deep.equal([5, 4, 3, 2, 1]);
    expect(await readRanking(world.validatorRegistry, { blockTag })).to.have.length(6);
  });

  it("is empty before anybody stands, and needs a node", async () => {
    const { validatorRegistry: registry } = await loadFixture(consortium);
    expect(await readRanking(registry)).to.deep.equal([]);
    expect(await rejection(readRanking(registry.connect(null)))).to.be.instanceOf(ProviderMissing);
  });
});

describe("findHint", () => {
  const cases: readonly [string, number, number, number][] = [
    ["the top", 3, 700, 0],
    ["a place further up", 2, 450, 5],
    ["a place further down", 5, 250, 3],
    ["the end", 6, 50, 1],
    ["its own place", 4, 410, 5],
    ["behind its equals that came before", 2, 500, 5],
    ["behind an equal below", 5, 300, 3],
    ["the middle, for one that does not stand", 9, 350, 4],
    ["the end, for one that does not stand", 9, 10, 1],
    ["the top, for one that does not stand", 9, 601, 0],
  ];
  for (const [place, candidate, power, hint] of cases) {
    it(`finds ${place}`, async () => {
      const { validatorRegistry: registry } = await loadFixture(candidates);
      expect(await findHint(registry, candidate, coins(power) / GWEI)).to.equal(hint);
    });
  }

  it("finds the place that the contract finds, whatever moves", async () => {
    const world = await loadFixture(candidates);
    const { validatorRegistry: registry } = world;
    const moved = fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 700 }),
      async (n, more) => {
        const power = (await registry.poolOf(n)).bonded / GWEI + coins(more) / GWEI;
        const hint = await findHint(registry, n, power);
        await delegate(registry.connect(world.delegator), n, coins(more));
        const ranked = await readRanking(registry);
        const place = ranked.findIndex(({ candidate }) => candidate === n);
        expect(ranked[place - 1]?.candidate ?? 0).to.equal(hint);
        expect(ranked.map((rank) => rank.power)).to.deep.equal(
          ranked.map((rank) => rank.power).sort((a, b) => (a < b ? 1 : -1)),
        );
      },
    );
    await fc.assert(moved, { numRuns: 12 });
  });

  it("is 0 where nobody stands", async () => {
    const { validatorRegistry: registry } = await loadFixture(consortium);
    expect(await findHint(registry, 1, 5n)).to.equal(0);
  });
});

describe("hintAfter", () => {
  it("reckons with what the candidate has", async () => {
    const { validatorRegistry: registry } = await loadFixture(candidates);
    expect(await hintAfter(registry, 3, coins(150))).to.equal(5);
    expect(await hintAfter(registry, 3, -coins(250))).to.equal(1);
    expect(await hintAfter(registry, 3, 0n)).to.equal(4);
  });
});
