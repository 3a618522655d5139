import { expect } from "chai";
import type { ContractTransactionReceipt } from "ethers";
import { type Change, sendChanges } from "../../tasks/changes.js";
import { rejection } from "../enrolled.js";

describe("sendChanges", () => {
  const refused = new Error("the chain would refuse it");
  let done: string[];
  beforeEach(() => {
    done = [];
  });

  const change = (name: string, refusal?: Error): Change => ({
    name,
    rehearse: async () => {
      done.push(`rehearse ${name}`);
      if (refusal !== undefined) throw refusal;
    },
    send: async () => {
      done.push(`send ${name}`);
      return { receipt: { hash: `hash of ${name}` } as ContractTransactionReceipt };
    },
  });

  it("tries all before it sends the first", async () => {
    expect(await sendChanges([change("a"), undefined, change("b")])).to.deep.equal([
      "hash of a",
      undefined,
      "hash of b",
    ]);
    expect(done).to.deep.equal(["rehearse a", "rehearse b", "send a", "send b"]);
  });

  it("sends nothing if one would be refused", async () => {
    expect(await rejection(sendChanges([change("a"), change("b", refused)]))).to.equal(refused);
    expect(done).to.deep.equal(["rehearse a", "rehearse b"]);
  });
});
