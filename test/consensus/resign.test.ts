import { expect } from "chai";
import { candidacyOf } from "../../src/consensus/candidacy.js";
import { resign } from "../../src/consensus/resign.js";
import { loadFixture } from "../enrolled.js";
import { expectRefusal, registryOf } from "./refused.js";
import { elected } from "./staked.js";

describe("resign", () => {
  it("takes the candidate out of the ranking, but not out of the epoch", async () => {
    const world = await loadFixture(elected);
    await resign(registryOf(world, 6), 6);
    expect(await candidacyOf(world.validatorRegistry, 6)).to.include({ status: "Resigned" });
    expect(await world.validatorRegistry.getValidators()).to.include(await world.institutions[5]?.getAddress());
  });

  it("is the operator's, once", async () => {
    const world = await loadFixture(elected);
    await expectRefusal(resign(registryOf(world, 5), 6), "OperatorMismatch");
    await resign(registryOf(world, 6), 6);
    await expectRefusal(resign(registryOf(world, 6), 6), "CandidateStatusMismatch");
  });
});
