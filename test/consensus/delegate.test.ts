import { expect } from "chai";
import { delegate } from "../../src/consensus/delegate.js";
import { readRanking } from "../../src/consensus/ranking.js";
import { resign } from "../../src/consensus/resign.js";
import { loadFixture } from "../enrolled.js";
import { expectRefusal, registryOf } from "./refused.js";
import { candidates, coins } from "./staked.js";

describe("delegate", () => {
  it("puts coin at stake, and gives an allowance of exactly as much", async () => {
    const { validatorRegistry, medicalCoin, delegator } = await loadFixture(candidates);
    const registry = validatorRegistry.connect(delegator);
    await delegate(registry, 3, coins(250));
    expect(await registry.stakeOf(3, delegator)).to.equal(coins(250));
    expect(await medicalCoin.balanceOf(delegator)).to.equal(coins(9_750));
    expect(await medicalCoin.allowance(delegator, registry)).to.equal(0n);
    expect((await readRanking(registry)).map(({ candidate }) => candidate)).to.deep.equal([6, 3, 5, 4, 2, 1]);
  });

  it("uses an allowance that is there, and gives no other", async () => {
    const { validatorRegistry, medicalCoin, delegator } = await loadFixture(candidates);
    const registry = validatorRegistry.connect(delegator);
    await medicalCoin.connect(delegator).approve(registry, coins(100));
    await delegate(registry, 3, coins(40));
    expect(await medicalCoin.allowance(delegator, registry)).to.equal(coins(60));
    await delegate(registry, 3, coins(70));
    expect(await medicalCoin.allowance(delegator, registry)).to.equal(0n);
  });

  it("leaves no allowance behind when it is refused", async () => {
    const world = await loadFixture(candidates);
    const { medicalCoin, delegator, stranger } = world;
    const registry = world.validatorRegistry.connect(delegator);
    await resign(registryOf(world, 5), 5);
    await expectRefusal(delegate(registry, 5, coins(1)), "CandidateStatusMismatch");
    await expectRefusal(delegate(registry, 9, coins(1)), "CandidateStatusMismatch");
    await expectRefusal(delegate(registry, 4, 0n), "AmountZero");
    await expectRefusal(delegate(registry, 4, coins(10_001)), "ERC20InsufficientBalance");
    await expectRefusal(delegate(registry.connect(stranger), 4, 1n), "ERC20InsufficientBalance");
    expect(await medicalCoin.allowance(delegator, registry)).to.equal(0n);
    expect(await medicalCoin.allowance(stranger, registry)).to.equal(0n);
  });

  it("is open to an operator whose candidacy does not stand", async () => {
    const world = await loadFixture(candidates);
    await resign(registryOf(world, 5), 5);
    await delegate(registryOf(world, 5), 5, coins(1));
    expect((await world.validatorRegistry.poolOf(5)).bonded).to.equal(coins(501));
  });
});
