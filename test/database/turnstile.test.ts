import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { Turnstile, turnstileOf } from "../../database/turnstile.js";
import { rejection } from "./world.js";

describe("a turnstile", () => {
  it("lets work through one at a time, in order", async () => {
    const turnstile = new Turnstile();
    const events: string[] = [];
    const work = (name: string, time: number) =>
      turnstile.run(async () => {
        events.push(`${name} in`);
        await setTimeout(time);
        events.push(`${name} out`);
      });
    await Promise.all([work("slow", 10), work("quick", 0)]);
    expect(events).to.deep.equal(["slow in", "slow out", "quick in", "quick out"]);
  });

  it("gives each its result, and goes on after a failure", async () => {
    const turnstile = new Turnstile();
    const failing = turnstile.run(async () => {
      throw new Error("no");
    });
    const next = turnstile.run(async () => 7);
    expect(await rejection(failing)).to.have.property("message", "no");
    expect(await next).to.equal(7);
  });

  it("is one for all who share an object", () => {
    const shared = {};
    expect(turnstileOf(shared)).to.equal(turnstileOf(shared));
    expect(turnstileOf(shared)).to.not.equal(turnstileOf({}));
  });
});
