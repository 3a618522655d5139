import { expect } from "chai";
import { expectedOf, moved, stepOf } from "../../../scripts/simulate/period.js";
import { WAD } from "../../../src/market/pricing.js";

const ALL = 10_000n;

describe("a period's step", () => {
  it("is k times the excess over what was expected", () => {
    expect(stepOf(110n, 100n, ALL)).to.equal(WAD / 10n);
    expect(stepOf(90n, 100n, ALL)).to.equal(-WAD / 10n);
    expect(stepOf(110n, 100n, ALL / 2n)).to.equal(WAD / 20n);
    expect(stepOf(100n, 100n, ALL)).to.equal(0n);
  });

  it("is an eighth at most", () => {
    expect(stepOf(1000n, 100n, ALL)).to.equal(WAD / 8n);
    expect(stepOf(0n, 100n, ALL)).to.equal(-WAD / 8n);
  });

  it("counts nothing expected as one record", () => {
    expect(stepOf(0n, 0n, ALL)).to.equal(-WAD / 8n);
    expect(stepOf(1n, 0n, ALL)).to.equal(0n);
  });

  it("moves a number down to a whole one, and not beyond its bounds", () => {
    expect(moved(1001n, WAD / 8n, 0n, 2000n)).to.equal(1126n);
    expect(moved(1000n, WAD / 8n, 0n, 1100n)).to.equal(1100n);
    expect(moved(1000n, -WAD / 8n, 900n, 2000n)).to.equal(900n);
  });

  it("expects the turnover of the stock, rounded down", () => {
    expect(expectedOf(1001n, 8000n)).to.equal(800n);
  });
});
