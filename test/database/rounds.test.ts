import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { startRounds } from "../../database/rounds.js";

describe("rounds", () => {
  it("come again and again, also after one that failed, until they are stopped", async () => {
    const third = Promise.withResolvers<void>();
    const errors: unknown[] = [];
    let count = 0;
    const work = async () => {
      if (++count === 1) throw new Error("no gas");
      if (count === 3) third.resolve();
    };
    const rounds = startRounds(0.005, work, (error) => errors.push(error));
    expect(count).to.equal(0);
    await third.promise;
    await rounds.stop();
    const stoppedAt = count;
    await setTimeout(30);
    expect(count).to.equal(stoppedAt);
    expect(errors).to.have.length(1);
  });

  it("never overlap, and stop when the one that has begun has ended, which is told to hurry", async () => {
    const begun = Promise.withResolvers<void>();
    let running = 0;
    const work = async (signal: AbortSignal) => {
      expect(++running).to.equal(1);
      begun.resolve();
      while (!signal.aborted) await setTimeout(5);
      running--;
    };
    const rounds = startRounds(0.001, work, () => undefined);
    await begun.promise;
    await setTimeout(20);
    await rounds.stop();
    expect(running).to.equal(0);
  });
});
