import { expect } from "chai";
import type { Ablation } from "../../../scripts/consensus/ablation.js";
import { run } from "../../../scripts/consensus/run.js";
import { type FailedRun, simulate } from "../../../scripts/consensus/simulation.js";

/** The first run that fails, within a few hundred. */
function firstFailure(without: Ablation): FailedRun | undefined {
  for (let seed = 1; seed <= 400; seed++) {
    const [failed] = simulate({ runs: 1, seed, without }).failures;
    if (failed !== undefined) return failed;
  }
  return undefined;
}

describe("scripts/consensus/simulation", function () {
  this.timeout(60_000);

  it("keeps agreement, validity, progress and single signatures in 200 runs, in which all that matters happens", () => {
    const { failures, ...counts } = simulate({ runs: 200, seed: 1 });
    expect(failures).to.deep.equal([]);
    expect(counts.runs).to.equal(200);
    expect(counts.heights).to.be.at.least(200 * 20);
    for (const [name, count] of Object.entries(counts)) expect(count, name).to.be.above(20);
    expect(counts.restarts).to.equal(counts.crashes);
  });

  it("fails without the lock: validators come to disagree", () => {
    expect(firstFailure("lock")?.failure).to.contain("no agreement");
  });

  it("fails without the guard: a validator signs two things", () => {
    expect(firstFailure("guard")?.failure).to.contain("signed two things");
  });

  it("replays a run from its seed alone, and a failing one with the same failure", () => {
    const failed = firstFailure("guard");
    const { seed, failure } = failed ?? { seed: -1, failure: "" };
    const first = run(seed, "guard");
    expect(run(seed, "guard")).to.deep.equal(first);
    expect(first.failure).to.equal(failure);
    expect(simulate({ runs: 2, seed: seed - 1, without: "guard" }).failures).to.deep.include(failed);
  });
});
