import { expect } from "chai";
import { Closing } from "../../../../chain/hardhat/network/closing.js";

describe("Closing", () => {
  it("ends everything once, the last begun first, whatever fails", async () => {
    const closing = new Closing();
    const log: string[] = [];
    const ending = (name: string) => async () => {
      log.push(name);
      if (name === "b") throw new Error("b does not end");
    };
    for (const name of ["a", "b", "c"]) closing.add(ending(name));
    expect(closing.isClosing).to.equal(false);
    await Promise.all([closing.close(), closing.close()]);
    await closing.done;
    expect(log).to.deep.equal(["c", "b", "a"]);
  });

  it("ends at once what is begun too late", async () => {
    const closing = new Closing();
    await closing.close();
    let isEnded = false;
    closing.add(async () => {
      isEnded = true;
    });
    expect(isEnded).to.equal(true);
  });
});
