import { expect } from "chai";
import { contractsIn, NothingMeasured, percentOf } from "../../../scripts/ci/coverage.js";

const report = [
  "SF:contracts/A.sol\nDA:1,3\nDA:2,0\nDA:3,1\nDA:4,1\nend_of_record",
  "SF:contracts/A.t.sol\nDA:1,0\nend_of_record",
  "SF:test/doubles/B.sol\nDA:1,0\nend_of_record",
].join("\n");

describe("scripts/ci/coverage", () => {
  it("counts the lines of contracts/, without tests and doubles", () => {
    const files = contractsIn(report);
    expect(files).to.deep.equal([{ file: "contracts/A.sol", lines: 4, covered: 3, missed: [2] }]);
    expect(percentOf(files)).to.equal(75);
  });

  it("refuses a report that measured nothing", () => {
    expect(() => percentOf(contractsIn(""))).to.throw(NothingMeasured);
  });
});
