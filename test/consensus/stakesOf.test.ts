import { expect } from "chai";
import { delegate } from "../../src/consensus/delegate.js";
import { redelegate } from "../../src/consensus/redelegate.js";
import { stakesOf } from "../../src/consensus/stakesOf.js";
import { undelegate } from "../../src/consensus/undelegate.js";
import { loadFixture, time } from "../enrolled.js";
import { type Consortium, coins, elected, nextEpoch, settled } from "./staked.js";

/** The delegator backs 2 and 5, has moved from 5 to 4, and has taken some back from 2, twice in epoch 1 and once in 2. */
async function invested(): Promise<Consortium> {
  const world = await elected();
  const registry = world.validatorRegistry.connect(world.delegator);
  await delegate(registry, 2, coins(100));
  await delegate(registry, 5, coins(50));
  await redelegate(registry, { from: 5, to: 4, amount: coins(50) });
  await undelegate(registry, 2, coins(10));
  await undelegate(registry, 2, coins(5));
  await settled(world, 1, [2, 3, 4, 5, 6]);
  await undelegate(registry, 2, coins(1));
  return world;
}

describe("stakesOf", () => {
  it("finds every candidate that the account backs, and what is on its way back", async () => {
    const { validatorRegistry: registry, delegator } = await loadFixture(invested);
    const account = await delegator.getAddress();
    const { stakes, unbonding } = await stakesOf(registry, account);
    expect(stakes.map(({ candidate, amount }) => [candidate, amount])).to.deep.equal([
      [2, coins(84)],
      [4, coins(50)],
    ]);
    for (const { candidate, rewards } of stakes) {
      expect(rewards)
        .to.equal(await registry.rewardsOf(candidate, account))
        .and.to.be.above(0n);
    }
    expect(unbonding).to.deep.equal([
      { candidate: 2, epoch: 1, amount: coins(15), until: 3, isOver: false },
      { candidate: 2, epoch: 2, amount: coins(1), until: 4, isOver: false },
    ]);
  });

  it("says when the unbonding is over, and can look back", async () => {
    const world = await loadFixture(invested);
    const { validatorRegistry: registry } = world;
    const account = await world.delegator.getAddress();
    const before = await time.latestBlock();
    await nextEpoch(world);
    const isOver = async (toBlock?: number) => {
      const { unbonding } = await stakesOf(registry, account, toBlock === undefined ? {} : { toBlock });
      return unbonding.map((left) => left.isOver);
    };
    expect(await isOver()).to.deep.equal([true, false]);
    expect(await isOver(before)).to.deep.equal([false, false]);
  });

  it("counts an operator's commission among its rewards", async () => {
    const { validatorRegistry: registry, institutions } = await loadFixture(invested);
    const operator = (await institutions[5]?.getAddress()) ?? "";
    const { stakes } = await stakesOf(registry, operator);
    expect(stakes).to.deep.equal([
      { candidate: 6, amount: coins(600), rewards: await registry.rewardsOf(6, operator) },
    ]);
  });

  it("finds nothing of others", async () => {
    const { validatorRegistry: registry, stranger } = await loadFixture(invested);
    expect(await stakesOf(registry, await stranger.getAddress())).to.deep.equal({ stakes: [], unbonding: [] });
  });
});
