import { expect } from "chai";
import { type Finding, judge, placeOf } from "../../scripts/ci/slitherFindings.js";

const contract = { type: "contract", name: "Coin" };
const mint = { type: "function", name: "mint", type_specific_fields: { signature: "mint(uint256)", parent: contract } };
const line = { type: "node", name: "x = y", type_specific_fields: { parent: mint } };
const finding = (impact: string, element: Finding["elements"][number] = mint): Finding => ({
  check: "unused-return",
  impact,
  description: "",
  elements: [element],
});
const explanation = { check: "unused-return", where: "Coin.mint(uint256)", reason: "It is always true." };

describe("the slither gate", () => {
  it("names contract and function of a finding, also of one about a line", () => {
    expect(placeOf(finding("High"))).to.equal("Coin.mint(uint256)");
    expect(placeOf(finding("High", line))).to.equal("Coin.mint(uint256)");
    expect(placeOf(finding("High", contract))).to.equal("Coin");
  });

  it("wants high and medium findings explained, lesser ones not", () => {
    const findings = ["High", "Medium", "Low", "Informational"].map((impact) => finding(impact));
    expect(judge(findings, []).unexplained).to.deep.equal(findings.slice(0, 2));
    expect(judge(findings, [explanation])).to.deep.equal({ unexplained: [], stale: [] });
  });

  it("takes an explanation for its own check and place only, and not without a reason", () => {
    for (const wrong of [{ check: "reentrancy-eth" }, { where: "Coin.burn(uint256)" }, { reason: "" }]) {
      expect(judge([finding("High")], [{ ...explanation, ...wrong }]).unexplained).to.have.length(1);
    }
  });

  it("reports an explanation of what is not found any more", () => {
    expect(judge([finding("Low")], [explanation]).stale).to.deep.equal([explanation]);
  });
});
