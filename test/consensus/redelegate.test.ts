import { expect } from "chai";
import { delegate } from "../../src/consensus/delegate.js";
import { readRanking } from "../../src/consensus/ranking.js";
import { redelegate } from "../../src/consensus/redelegate.js";
import { loadFixture } from "../enrolled.js";
import { expectRefusal } from "./refused.js";
import { coins, elected } from "./staked.js";

describe("redelegate", () => {
  it("moves stake at once, and both candidates to their places", async () => {
    const { validatorRegistry, delegator } = await loadFixture(elected);
    const registry = validatorRegistry.connect(delegator);
    await delegate(registry, 5, coins(350));
    await redelegate(registry, { from: 5, to: 2, amount: coins(330) });
    expect(await registry.stakeOf(5, delegator)).to.equal(coins(20));
    expect(await registry.stakeOf(2, delegator)).to.equal(coins(330));
    expect((await readRanking(registry)).map(({ candidate }) => candidate)).to.deep.equal([6, 2, 5, 4, 3, 1]);
  });

  it("is refused where it would free stake that answers for another", async () => {
    const { validatorRegistry, delegator } = await loadFixture(elected);
    const registry = validatorRegistry.connect(delegator);
    await delegate(registry, 5, coins(350));
    await redelegate(registry, { from: 5, to: 2, amount: coins(350) });
    await expectRefusal(redelegate(registry, { from: 2, to: 3, amount: coins(1) }), "StakeAnswerable");
    await expectRefusal(redelegate(registry, { from: 2, to: 2, amount: coins(1) }), "RedelegationInvalid");
    await expectRefusal(redelegate(registry, { from: 5, to: 3, amount: coins(1) }), "StakeInsufficient");
  });
});
