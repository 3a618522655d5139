import { expect } from "chai";
import { InvalidSimulation, runSimulation, summaryOf } from "../../../scripts/consensus/index.js";
import { simulate } from "../../../scripts/consensus/simulation.js";
import { rejection } from "../../enrolled.js";

describe("scripts/consensus", function () {
  this.timeout(60_000);

  it("gives in several threads what it gives in one", async () => {
    const lines: string[] = [];
    const threaded = await runSimulation({ runs: 60, seed: 7, workers: 2, say: (line) => lines.push(line) });
    expect(threaded).to.deep.equal(simulate({ runs: 60, seed: 7 }));
    expect(lines[0]).to.equal("Seeds 7 to 66");
    expect(lines.at(-1)).to.equal("All runs kept every property.");
  });

  it("names a failing seed, and how to replay it", async () => {
    const lines = summaryOf({ ...simulate({ runs: 1, seed: 1 }), failures: [{ seed: 42, failure: "no progress" }] });
    expect(lines).to.include("FAILED seed 42: no progress (replay it with --runs 1 --seed 42)");
    expect(lines.at(-1)).to.equal("1 of 1 runs FAILED.");
  });

  it("runs without what it is told to leave out", async () => {
    const { failures } = await runSimulation({ runs: 40, seed: 1, workers: 1, without: "guard" });
    expect(failures).not.to.deep.equal([]);
  });

  it("ends when it is told to", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    for (const workers of [1, 2]) {
      const error = await rejection(runSimulation({ runs: 1_000_000, seed: 1, workers, signal }));
      expect(error).to.have.property("message", "enough");
    }
  });

  it("refuses what is no range of seeds", async () => {
    const good = { runs: 1, seed: 1, workers: 1 };
    const bad = [{ runs: 0 }, { runs: 1.5 }, { seed: -1 }, { workers: 0 }, { seed: Number.MAX_SAFE_INTEGER, runs: 2 }];
    for (const change of bad) {
      expect(await rejection(runSimulation({ ...good, ...change }))).to.be.instanceOf(InvalidSimulation);
    }
  });
});
