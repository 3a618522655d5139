import { setImmediate } from "node:timers/promises";
import { expect } from "chai";
import { Mailbox } from "../../../../chain/hardhat/node/mailbox.js";

describe("Mailbox", () => {
  it("does one thing after the other, in order, and goes on after a failure", async () => {
    const log: unknown[] = [];
    const mailbox = new Mailbox((error) => log.push(String(error)));
    for (const name of ["a", "b", "c"]) {
      mailbox.post(async () => {
        log.push(`${name} begins`);
        await setImmediate();
        if (name === "b") throw new Error("b fails");
        log.push(`${name} ends`);
      });
    }
    expect(mailbox.isIdle).to.equal(false);
    await mailbox.drained();
    expect(log).to.deep.equal(["a begins", "a ends", "b begins", "Error: b fails", "c begins", "c ends"]);
    await setImmediate();
    expect(mailbox.isIdle).to.equal(true);
  });

  it("drops what it has no room for", async () => {
    let done = 0;
    const mailbox = new Mailbox(() => {}, 3);
    for (let i = 0; i < 10; i++) {
      mailbox.post(async () => {
        done += 1;
      });
    }
    await mailbox.drained();
    expect(done).to.equal(3);
    await setImmediate();
    mailbox.post(async () => {
      done += 1;
    });
    await mailbox.drained();
    expect(done).to.equal(4);
  });
});
