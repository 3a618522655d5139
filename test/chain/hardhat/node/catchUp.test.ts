import { setImmediate } from "node:timers/promises";
import { expect } from "chai";
import type { DecidedBlock } from "../../../../chain/hardhat/decided.js";
import { CatchUp } from "../../../../chain/hardhat/node/catchUp.js";
import { InProcessHub } from "../../../../chain/hardhat/transport/inProcess.js";
import { decidedBlock } from "../store/decidedBlocks.js";

describe("CatchUp", () => {
  let hub: InProcessHub;
  let chain: number[];
  let catchUp: CatchUp;
  const asked: string[] = [];

  const peer = (name: string, read: (from: number, count: number) => DecidedBlock[]) => {
    hub.connect(name).listen({
      receive: () => {},
      read: async (from, count) => {
        asked.push(`${name} from ${from}`);
        return read(from, count);
      },
    });
  };
  const upTo = (last: number) => (from: number, count: number) =>
    Array.from({ length: Math.min(count, Math.max(0, last - from + 1)) }, (_, index) => decidedBlock(from + index));
  const settled = async () => {
    while (!catchUp.isIdle) await setImmediate();
  };

  beforeEach(() => {
    hub = new InProcessHub();
    chain = [1, 2];
    asked.length = 0;
    catchUp = new CatchUp({
      transport: hub.connect("self"),
      height: () => chain.length,
      append: async ({ block }) => {
        if (block.number === chain.length + 1) chain.push(block.number);
        return block.number === chain.length;
      },
    });
  });

  it("fetches from a peer that is ahead, in as many parts as it takes", async () => {
    peer("far", upTo(150));
    catchUp.hear("far", 150);
    catchUp.start();
    catchUp.start();
    await settled();
    expect(chain).to.have.lengthOf(150);
    expect(asked).to.deep.equal(["far from 3", "far from 67", "far from 131"]);
  });

  it("asks nobody who is not ahead", async () => {
    peer("equal", upTo(9));
    catchUp.hear("equal", 2);
    catchUp.start();
    await settled();
    expect(asked).to.be.empty;
  });

  it("goes to another peer when one is silent, lies about its height, or sends what is refused", async () => {
    peer("boaster", () => []);
    peer("liar", () => [decidedBlock(99)]);
    peer("honest", upTo(5));
    for (const [name, height] of [
      ["gone", 9],
      ["boaster", 8],
      ["liar", 7],
      ["honest", 5],
    ] as const) {
      catchUp.hear(name, height);
    }
    catchUp.start();
    await settled();
    expect(chain).to.deep.equal([1, 2, 3, 4, 5]);
    catchUp.start();
    await settled();
    expect(asked).to.deep.equal(["boaster from 3", "liar from 3", "honest from 3"]);
  });
});
