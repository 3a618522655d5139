import { expect } from "chai";
import { announceCommission } from "../../src/consensus/announceCommission.js";
import { loadFixture } from "../enrolled.js";
import { expectRefusal, registryOf } from "./refused.js";
import { candidates, RULES } from "./staked.js";

describe("announceCommission", () => {
  it("says from which epoch on it holds", async () => {
    const world = await loadFixture(candidates);
    const { from, receipt } = await announceCommission(registryOf(world, 2), 2, 0);
    expect({ from, status: receipt.status }).to.deep.equal({ from: RULES.commissionNotice, status: 1 });
  });

  it("is the operator's, up to the cap", async () => {
    const world = await loadFixture(candidates);
    await expectRefusal(announceCommission(registryOf(world, 2), 2, RULES.maxCommission + 1), "CommissionTooHigh");
    await expectRefusal(announceCommission(registryOf(world, 1), 2, 0), "OperatorMismatch");
  });
});
