import { setImmediate } from "node:timers/promises";
import { expect } from "chai";
import { SlotTimer } from "../../../../chain/hardhat/clock/slotTimer.js";
import { SteppedClock } from "../../../../chain/hardhat/clock/steppedClock.js";

const SLOTS = { genesis: 1_000, slotTime: 8 };

describe("SteppedClock", () => {
  let clock: SteppedClock;
  let log: string[];
  const note = (what: string) => () => void log.push(`${what} at ${clock.now()}`);

  beforeEach(() => {
    log = [];
    clock = new SteppedClock(1_000, async () => {
      await setImmediate();
    });
  });

  it("stands still until it is moved", async () => {
    clock.at(1_001, note("soon"));
    await setImmediate();
    expect(clock.now()).to.equal(1_000);
    expect(log).to.be.empty;
  });

  it("keeps every appointment at its time, in order, also those made on the way", async () => {
    clock.at(1_005, note("second"));
    clock.at(1_002, () => {
      note("first")();
      clock.at(1_003, note("between"));
    });
    clock.at(1_020, note("later"));
    await clock.moveTo(1_010);
    expect(log).to.deep.equal(["first at 1002", "between at 1003", "second at 1005"]);
    expect(clock.now()).to.equal(1_010);
  });

  it("lets everybody finish between two appointments", async () => {
    clock.at(1_001, () => void setImmediate().then(note("reaction")));
    clock.at(1_002, note("next"));
    await clock.moveTo(1_002);
    expect(log).to.deep.equal(["reaction at 1001", "next at 1002"]);
  });

  it("comes late to what it jumps over", async () => {
    clock.at(1_002, note("missed"));
    await clock.jumpTo(2_000);
    expect(log).to.deep.equal(["missed at 2000"]);
  });

  it("forgets what was cancelled", async () => {
    const cancel = clock.at(1_001, note("cancelled"));
    cancel();
    await clock.moveTo(1_002);
    expect(log).to.be.empty;
  });

  it("never goes back", async () => {
    await clock.moveTo(900);
    expect(clock.now()).to.equal(1_000);
  });

  describe("SlotTimer", () => {
    const started = () => {
      const timer = new SlotTimer(clock, SLOTS, {
        onStart: (slot) => note(`start of ${slot}`)(),
        onProposeTimeout: (slot) => note(`quarter of ${slot}`)(),
        onVerdictTimeout: (slot) => note(`half of ${slot}`)(),
      });
      timer.start();
      return timer;
    };

    it("tells each slot's start, quarter and half", async () => {
      const timer = started();
      await clock.moveTo(1_011);
      expect(log).to.deep.equal([
        "start of 0 at 1000",
        "quarter of 0 at 1002",
        "half of 0 at 1004",
        "start of 1 at 1008",
        "quarter of 1 at 1010",
      ]);
      expect(timer.slot).to.equal(1);
    });

    it("begins in the middle of a slot, with what is past in it", async () => {
      await clock.moveTo(1_013);
      started();
      await clock.moveTo(1_013);
      expect(log).to.deep.equal(["start of 1 at 1013", "quarter of 1 at 1013", "half of 1 at 1013"]);
    });

    it("leaves out the slots that it sleeps through", async () => {
      started();
      await clock.jumpTo(1_808);
      const starts = log.filter((line) => line.startsWith("start"));
      expect(starts).to.deep.equal(["start of 0 at 1000", "start of 101 at 1808"]);
    });

    it("is silent once it is stopped", async () => {
      const timer = started();
      timer.stop();
      await clock.moveTo(1_100);
      expect(log).to.have.lengthOf(1);
    });
  });
});
