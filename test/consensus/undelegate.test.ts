import { expect } from "chai";
import { candidacyOf } from "../../src/consensus/candidacy.js";
import { readRanking } from "../../src/consensus/ranking.js";
import { undelegate } from "../../src/consensus/undelegate.js";
import { loadFixture } from "../enrolled.js";
import { expectRefusal, registryOf } from "./refused.js";
import { coins, elected, RULES } from "./staked.js";

describe("undelegate", () => {
  it("takes stake back, to be claimed after the unbonding", async () => {
    const world = await loadFixture(elected);
    const registry = registryOf(world, 6);
    const { epoch, until } = await undelegate(registry, 6, coins(450));
    expect({ epoch, until }).to.deep.equal({ epoch: 1, until: 1 + RULES.unbondingEpochs });
    const operator = (await world.institutions[5]?.getAddress()) ?? "";
    expect(await registry.unbondingOf(6, operator, 1)).to.equal(coins(450));
    expect((await readRanking(registry)).map(({ candidate }) => candidate)).to.deep.equal([5, 4, 3, 2, 6, 1]);
  });

  it("is refused beyond the position", async () => {
    const world = await loadFixture(elected);
    await expectRefusal(undelegate(registryOf(world, 6), 6, coins(601)), "StakeInsufficient");
    await expectRefusal(undelegate(world.validatorRegistry.connect(world.delegator), 6, 1n), "StakeInsufficient");
    await expectRefusal(undelegate(registryOf(world, 6), 6, 0n), "AmountZero");
  });

  it("ends the candidacy of an operator who keeps too little", async () => {
    const world = await loadFixture(elected);
    await undelegate(registryOf(world, 6), 6, coins(591));
    expect(await candidacyOf(world.validatorRegistry, 6)).to.include({ status: "Resigned" });
  });
});
