import { expect } from "chai";
import { claim } from "../../src/consensus/claim.js";
import { delegate } from "../../src/consensus/delegate.js";
import { reportEquivocation } from "../../src/consensus/report.js";
import { undelegate } from "../../src/consensus/undelegate.js";
import { loadFixture } from "../enrolled.js";
import { type Consortium, coins, elected, nextEpoch, settled, signedBy, verdictFor } from "./staked.js";

/** The delegator has earned with 2 and 5 in epoch 1, and has taken back 10 coins from 2 and 5 from 5 in it. */
async function earned(): Promise<Consortium> {
  const world = await elected();
  const registry = world.validatorRegistry.connect(world.delegator);
  await delegate(registry, 2, coins(100));
  await delegate(registry, 5, coins(50));
  await undelegate(registry, 2, coins(10));
  await undelegate(registry, 5, coins(5));
  await settled(world, 1, [2, 3, 4, 5, 6]);
  return world;
}

async function tombstone(world: Consortium, candidate: number): Promise<void> {
  const [first, second] = await Promise.all([
    signedBy(world, candidate, verdictFor("01")),
    signedBy(world, candidate, verdictFor("02")),
  ]);
  await reportEquivocation(world.blockCertifier, first, second);
}

const told = (claimed: Awaited<ReturnType<typeof claim>>) =>
  claimed.map(({ kind, candidate, epoch }) => [kind, candidate, epoch]);

describe("claim", () => {
  it("pays out what is earned, and then, what is over, once", async () => {
    const world = await loadFixture(earned);
    const { medicalCoin, delegator } = world;
    const registry = world.validatorRegistry.connect(delegator);
    const before = await medicalCoin.balanceOf(delegator);
    const first = await claim(registry);
    expect(told(first)).to.deep.equal([
      ["rewards", 2, undefined],
      ["rewards", 5, undefined],
    ]);
    await nextEpoch(world);
    const second = await claim(registry);
    expect(told(second)).to.deep.equal([
      ["unbonded", 2, 1],
      ["unbonded", 5, 1],
    ]);
    const paid = [...first, ...second].reduce((sum, { amount }) => sum + amount, 0n);
    expect(paid).to.be.above(coins(15));
    expect((await medicalCoin.balanceOf(delegator)) - before).to.equal(paid);
    expect(await claim(registry)).to.deep.equal([]);
  });

  it("pays out what is with one candidate alone", async () => {
    const world = await loadFixture(earned);
    await nextEpoch(world);
    const registry = world.validatorRegistry.connect(world.delegator);
    expect(told(await claim(registry, { candidate: 5 }))).to.deep.equal([
      ["rewards", 5, undefined],
      ["unbonded", 5, 1],
    ]);
    expect(told(await claim(registry, { candidate: 3 }))).to.deep.equal([]);
    expect(told(await claim(registry))).to.deep.equal([
      ["rewards", 2, undefined],
      ["unbonded", 2, 1],
    ]);
  });

  it("says what is left after a slash", async () => {
    const world = await loadFixture(earned);
    await tombstone(world, 5);
    await nextEpoch(world);
    const claimed = await claim(world.validatorRegistry.connect(world.delegator), { candidate: 5 });
    // 5 % of what was at stake in epoch 1 is burned.
    expect(claimed[1]?.amount).to.equal((coins(5) * 95n) / 100n);
  });

  it("pays an operator its commission", async () => {
    const world = await loadFixture(earned);
    const [, operator] = world.institutions;
    if (operator === undefined) throw new Error("There are too few institutions.");
    const [paid] = await claim(world.validatorRegistry.connect(operator));
    expect(paid).to.include({ kind: "rewards", candidate: 2 });
  });
});
