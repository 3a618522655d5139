import { expect } from "chai";
import { elect } from "../../src/consensus/elect.js";
import { resign } from "../../src/consensus/resign.js";
import { loadFixture, time } from "../enrolled.js";
import { expectRefusal, registryOf } from "./refused.js";
import { candidates, consortium, RULES } from "./staked.js";

describe("elect", () => {
  it("begins the first epoch at once, the next ones when they are due", async () => {
    const { validatorRegistry, stranger } = await loadFixture(candidates);
    const registry = validatorRegistry.connect(stranger);
    expect(await elect(registry)).to.include({ epoch: 1, isExtended: false });
    await expectRefusal(elect(registry), "EpochNotDue");
    await time.increase(RULES.epochLength);
    expect(await elect(registry)).to.include({ epoch: 2, isExtended: false });
  });

  it("says when the set before stays, because too few stand", async () => {
    const world = await loadFixture(candidates);
    await elect(world.validatorRegistry);
    for (const candidate of [4, 5, 6]) await resign(registryOf(world, candidate), candidate);
    await time.increase(RULES.epochLength);
    expect(await elect(world.validatorRegistry)).to.include({ epoch: 2, isExtended: true });
    expect(await world.validatorRegistry.getValidators()).to.have.length(5);
  });

  it("is refused while too few stand for the first epoch", async () => {
    const { validatorRegistry } = await loadFixture(consortium);
    await expectRefusal(elect(validatorRegistry), "ValidatorsTooFew");
  });
});
