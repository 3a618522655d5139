import { expect } from "chai";
import { WallClock } from "../../../../chain/hardhat/clock/wallClock.js";

describe("WallClock", () => {
  const clock = new WallClock();

  it("calls back at the time, not before it, and at once for a time that is past", async () => {
    const time = clock.now() + 0.03;
    const called = await new Promise<number>((resolve) => clock.at(time, () => resolve(clock.now())));
    expect(called).to.be.within(time, time + 1);
    await new Promise<void>((resolve) => clock.at(0, resolve));
  });

  it("can be told not to, however far off the time is", () => {
    clock.at(clock.now() + 1, () => expect.fail("It was cancelled."))();
    clock.at(1e12, () => expect.fail("It was cancelled."))();
  });
});
