import { expect } from "chai";
import { type Finding, judge, placeOf } from "../../../scripts/ci/slitherFindings.js";

const contract = { type: "contract", name: "Registry" };
const register = {
  type: "function",
  name: "register",
  type_specific_fields: { signature: "register(bytes32)", parent: contract },
};
const finding = (impact: string): Finding => ({
  check: "reentrancy-eth",
  impact,
  description: "external call before a write",
  elements: [{ type: "node", name: "x = 1", type_specific_fields: { parent: register } }],
});
const explanation = { check: "reentrancy-eth", where: "Registry.register(bytes32)", reason: "the callee is ours" };

describe("scripts/ci/slitherFindings", () => {
  it("names contract and function of a finding, not the line", () => {
    expect(placeOf(finding("High"))).to.equal("Registry.register(bytes32)");
  });

  it("lets no high or medium finding pass without a reason", () => {
    expect(judge([finding("High"), finding("Low")], []).unexplained).to.have.length(1);
    expect(judge([finding("Medium")], [{ ...explanation, reason: "" }]).unexplained).to.have.length(1);
    expect(judge([finding("Medium")], [{ ...explanation, check: "other" }]).unexplained).to.have.length(1);
  });

  it("accepts an explained finding, and names explanations that explain nothing", () => {
    expect(judge([finding("High")], [explanation])).to.deep.equal({ unexplained: [], stale: [] });
    expect(judge([], [explanation]).stale).to.deep.equal([explanation]);
  });
});
