import { expect } from "chai";
import { misses } from "../../../scripts/bench/bench.js";
import { callRow, transactionRow } from "../../../scripts/bench/row.js";

const cost = { gas: 30_000, intrinsic: 21_000, writes: 5_000, logs: 1_000, signatures: 0, coldReads: 1_000 };

describe("scripts/bench/row", () => {
  it("compares a transaction with its unavoidable cost", () => {
    const row = transactionRow("op", cost, { aim: 31_000 });
    expect(row).to.deep.equal({ op: "op", gas: 30_000, floor: 28_000, ratio: 30 / 28, aim: 31_000 });
  });

  it("gives a batch per record", () => {
    expect(transactionRow("op", cost, { aim: 31_000 }, 10)).to.include({ gas: 3_000, floor: 2_800 });
  });

  it("leaves the intrinsic gas out of a call, and says why its ratio is high", () => {
    const row = callRow("op", cost, { aim: 10_000, reason: "a call", reference: "others pay more" });
    expect(row).to.deep.equal({
      op: "op",
      gas: 9_000,
      floor: 7_000,
      ratio: 9 / 7,
      aim: 10_000,
      reason: "a call",
      reference: "others pay more",
    });
  });

  it("counts a row as a miss above its aim, or when nobody explains its ratio", () => {
    const good = transactionRow("good", cost, { aim: 30_000 });
    const dear = transactionRow("dear", cost, { aim: 29_999 });
    const unexplained = callRow("unexplained", cost, { aim: 30_000 });
    const explained = callRow("explained", cost, { aim: 30_000, reason: "a call" });
    expect(misses([good, dear, unexplained, explained]).map(({ op }) => op)).to.deep.equal(["dear", "unexplained"]);
  });
});
