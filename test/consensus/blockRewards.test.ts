import { expect } from "chai";
import { blockRewardsOf, setBlockRewards } from "../../src/consensus/blockRewards.js";
import { loadFixture } from "../enrolled.js";
import { expectRefusal } from "./refused.js";
import { consortium, REWARDS } from "./staked.js";

describe("setBlockRewards", () => {
  it("sets all of them at once", async () => {
    const { blockCertifier: certifier } = await loadFixture(consortium);
    expect(await blockRewardsOf(certifier)).to.deep.equal(REWARDS);
    const others = { blockReward: 1n, leaderShare: 10_000, minParticipation: 0, minBlocks: 65_535 };
    await setBlockRewards(certifier, others);
    expect(await blockRewardsOf(certifier)).to.deep.equal(others);
  });

  it("is the operators', within bounds", async () => {
    const { blockCertifier: certifier, stranger } = await loadFixture(consortium);
    await expectRefusal(setBlockRewards(certifier.connect(stranger), REWARDS), "AccessManagedUnauthorized");
    await expectRefusal(setBlockRewards(certifier, { ...REWARDS, minBlocks: 0 }), "RewardsInvalid");
    expect(await blockRewardsOf(certifier)).to.deep.equal(REWARDS);
  });
});
