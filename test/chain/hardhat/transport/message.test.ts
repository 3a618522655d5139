import { expect } from "chai";
import fc from "fast-check";
import { BlockMalformed } from "../../../../chain/hardhat/block.js";
import { MessageMalformed, readMessage } from "../../../../chain/hardhat/transport/message.js";
import { StatementInvalid } from "../../../../src/consensus/index.js";
import { messages, someVote } from "./statements.js";

describe("readMessage", () => {
  for (const message of messages) {
    it(`reads back a ${message.kind}`, () => {
      expect(readMessage(JSON.parse(JSON.stringify(message)))).to.deep.equal(message);
    });

    it(`refuses a ${message.kind} without what belongs to it`, () => {
      expect(() => readMessage({ kind: message.kind })).to.throw();
    });
  }

  it("refuses what is of another kind, and too many verdicts", () => {
    expect(() => readMessage({ kind: "greeting" })).to.throw(MessageMalformed, "kind");
    expect(() => readMessage({ ...messages[0], verdicts: Array(129).fill(someVote()) })).to.throw(
      MessageMalformed,
      "128",
    );
    expect(() => readMessage({ kind: "head", height: -1 })).to.throw(MessageMalformed, "height");
  });

  it("throws nothing but the errors that it names, whatever it is given", () => {
    const kind = fc.constantFrom("proposal", "vote", "transaction", "head", "other");
    const anything = fc.anything();
    const json = fc.record({
      kind,
      proposal: anything,
      block: anything,
      vote: anything,
      raw: anything,
      height: anything,
    });
    fc.assert(
      fc.property(fc.oneof(anything, json), (given) => {
        try {
          readMessage(given);
        } catch (error) {
          const named = [MessageMalformed, StatementInvalid, BlockMalformed].some((kind) => error instanceof kind);
          expect(named, String(error)).to.equal(true);
        }
      }),
    );
  });
});
