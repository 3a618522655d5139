import { expect } from "chai";
import { EvidencePool } from "../../../../chain/hardhat/node/evidencePool.js";
import type { Evidence } from "../../../../src/consensus/index.js";
import type { Signed, Vote } from "../../../../src/consensus/statement.js";
import { wallet } from "../blocks.js";
import { someVote } from "../transport/statements.js";

const by = (index: number, height = 9, epoch = 1): Signed<Vote> => {
  const vote = someVote(height);
  return { ...vote, signer: wallet(index).address, statement: { ...vote.statement, epoch } };
};
const dispute = (one: number, other: number, height?: number, epoch?: number): Evidence => ({
  kind: "dispute",
  first: by(one, height, epoch),
  second: by(other, height, epoch),
});

describe("EvidencePool", () => {
  it("keeps one piece of each kind, about the same validators, in an epoch", () => {
    const pool = new EvidencePool();
    for (let height = 0; height < 50; height++) {
      pool.add(dispute(0, 1, height));
      pool.add(dispute(1, 0, height));
    }
    pool.add({ kind: "doubleVote", first: by(1), second: by(1) });
    pool.add(dispute(0, 2));
    pool.add(dispute(0, 1, 99, 2));
    expect(pool.waiting().map(({ kind, first }) => [kind, first.statement.height])).to.deep.equal([
      ["dispute", 0],
      ["doubleVote", 9],
      ["dispute", 9],
      ["dispute", 99],
    ]);
  });

  it("does not take in again what was settled", () => {
    const pool = new EvidencePool();
    pool.add(dispute(0, 1));
    pool.settle(dispute(0, 1));
    pool.add(dispute(0, 1, 10));
    expect(pool.waiting()).to.be.empty;
  });
});
