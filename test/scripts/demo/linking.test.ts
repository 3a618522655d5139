import { expect } from "chai";
import { isOfVisit, linksIn } from "../../../scripts/demo/linking.js";

const owners = new Map([
  ["a1", "anna"],
  ["a2", "anna"],
  ["b1", "bert"],
  ["b2", "bert"],
]);
const everything = () => true;
const facts = (of: Record<string, string[]>) =>
  new Map(Object.entries(of).map(([wallet, own]) => [wallet, new Set(own)]));

describe("scripts/demo/linking", () => {
  it("finds no link where all share the same values", () => {
    const same = ["until=30", "deadline=31"];
    expect(linksIn(facts({ a1: same, a2: same, b1: same, b2: same }), owners, everything)).to.deep.equal([]);
  });

  it("finds two wallets that share an odd value", () => {
    const links = linksIn(
      facts({ a1: ["until=7"], a2: ["until=7"], b1: ["until=8"], b2: ["until=9"] }),
      owners,
      everything,
    );
    expect(links).to.deep.equal([{ wallets: ["a1", "a2"], facts: ["until=7"] }]);
  });

  it("finds two wallets whose values are common one by one, but not together", () => {
    const links = linksIn(
      facts({ a1: ["x=1", "y=1"], a2: ["x=1", "y=1"], b1: ["x=1"], b2: ["y=1"] }),
      owners,
      everything,
    );
    expect(links.map(({ wallets }) => wallets)).to.deep.equal([["a1", "a2"]]);
  });

  it("leaves out what does not count", () => {
    const own = facts({ a1: ["register.doctor=7"], a2: ["register.doctor=7"], b1: ["x=1"], b2: ["x=2"] });
    expect(linksIn(own, owners, everything)).to.have.length(1);
    expect(linksIn(own, owners, (fact) => !isOfVisit(fact))).to.deep.equal([]);
  });
});
