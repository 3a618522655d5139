import { expect } from "chai";
import { contractsIn, NothingMeasured, percentOf } from "../../scripts/ci/coverage.js";

const lcov = [
  "TN:\nSF:contracts/coin/Coin.sol\nDA:3,7\nDA:4,0\nDA:9,1\nLH:2\nLF:3\nend_of_record",
  "TN:\nSF:contracts/Whole.sol\nDA:1,1\nLH:1\nLF:1\nend_of_record",
  "TN:\nSF:test/doubles/Coin__Harness.sol\nDA:1,0\nLH:0\nLF:1\nend_of_record\n",
].join("\n");

describe("the coverage gate", () => {
  it("reads which lines of contracts/ did not run, and leaves doubles out", () => {
    expect(contractsIn(lcov)).to.deep.equal([
      { file: "contracts/coin/Coin.sol", lines: 3, covered: 2, missed: [4] },
      { file: "contracts/Whole.sol", lines: 1, covered: 1, missed: [] },
    ]);
  });

  it("weighs every line the same", () => {
    expect(percentOf(contractsIn(lcov))).to.equal(75);
  });

  it("refuses a report that measures nothing, which would pass for whole", () => {
    expect(() => percentOf(contractsIn(""))).to.throw(NothingMeasured);
  });
});
