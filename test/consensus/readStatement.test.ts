import { expect } from "chai";
import {
  readProposal,
  readSignedProposal,
  readSignedVote,
  readVote,
  StatementInvalid,
} from "../../src/consensus/readStatement.js";
import { NIL } from "../../src/consensus/value.js";

const word = (byte: string) => `0x${byte.repeat(32)}`;
const value = { blockHash: word("aa"), stateRoot: word("bb"), leadersHash: word("cc") };
const vote = { epoch: 1, height: 2, round: 3, phase: 1, ...value };
const proposal = { epoch: 1, height: 2, round: 3, validRound: -1, ...value };
const signer = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const signature = `0x${"1b".repeat(65)}`;

describe("consensus/readStatement", () => {
  it("reads what was signed, in its canonical form, and nothing else", () => {
    const loose = { ...vote, blockHash: `0x${"AA".repeat(32)}`, extra: 1 };
    const signed = {
      statement: loose,
      signer: signer.toLowerCase(),
      signature: signature.toUpperCase().replace("X", "x"),
    };
    expect(readSignedVote({ ...signed, extra: 1 })).to.deep.equal({ statement: vote, signer, signature });
    expect(readSignedProposal({ statement: proposal, signer, signature })).to.deep.equal({
      statement: proposal,
      signer,
      signature,
    });
  });

  it("reads a vote for nothing, but no proposal of nothing", () => {
    expect(readVote({ ...vote, ...NIL })).to.deep.equal({ ...vote, ...NIL });
    expect(() => readProposal({ ...proposal, ...NIL })).to.throw(StatementInvalid, "value");
  });

  it("refuses each field out of its range, by name", () => {
    const bad: Record<string, unknown[]> = {
      epoch: [-1, 1.5, 2 ** 32, "1", null, undefined],
      height: [-1, 2 ** 53, "2", {}],
      round: [-1, 2 ** 32, Number.NaN],
      phase: [0, 3, "1"],
      blockHash: ["0x12", 5, undefined],
      stateRoot: [`${word("aa")}00`],
      leadersHash: ["aa".repeat(32)],
    };
    for (const [field, values] of Object.entries(bad)) {
      for (const value of values) {
        expect(() => readVote({ ...vote, [field]: value }), `${field} ${value}`).to.throw(StatementInvalid, field);
      }
    }
    for (const validRound of [-2, 2 ** 31, "0"]) {
      expect(() => readProposal({ ...proposal, validRound })).to.throw(StatementInvalid, "validRound");
    }
  });

  it("refuses what is not signed by an address", () => {
    for (const json of [null, 5, "vote", [], {}, { statement: vote, signer }]) {
      expect(() => readSignedVote(json)).to.throw(StatementInvalid, "signature");
    }
    expect(() => readSignedVote({ statement: vote, signature, signer: "0x12" })).to.throw(StatementInvalid, "signer");
    expect(() => readSignedVote({ signer, signature })).to.throw(StatementInvalid, "epoch");
  });
});
