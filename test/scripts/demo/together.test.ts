import { setImmediate } from "node:timers/promises";
import { expect } from "chai";
import { together } from "../../../scripts/demo/together.js";

describe("scripts/demo/together", () => {
  const items = Array.from({ length: 60 }, (_, index) => index);

  it("gives the results in order, does some at once but not all, and says how many are done", async () => {
    let running = 0;
    let most = 0;
    const counts: number[] = [];
    const act = async (item: number) => {
      most = Math.max(most, ++running);
      for (let turns = item % 3; turns >= 0; turns--) await setImmediate();
      running -= 1;
      return item * 2;
    };
    const results = await together(items, act, (count) => counts.push(count));
    expect(results).to.deep.equal(items.map((item) => item * 2));
    expect(most).to.be.within(2, 30);
    expect(counts.at(-1)).to.equal(60);
    expect(counts).to.deep.equal(counts.toSorted((a, b) => a - b));
  });

  it("leaves nothing running when one fails, and begins nothing after it", async () => {
    let running = 0;
    const begun: number[] = [];
    const act = async (item: number) => {
      begun.push(item);
      running += 1;
      if (item !== 3) await setImmediate();
      running -= 1;
      if (item === 3) throw new Error("three");
    };
    const error = await together(items, act).catch((reason: unknown) => reason);
    expect(error).to.have.property("message", "three");
    expect(running).to.equal(0);
    expect(begun.length).to.be.lessThan(items.length);
  });

  it("does nothing with nothing", async () => {
    expect(await together([], async () => 1)).to.deep.equal([]);
  });
});
