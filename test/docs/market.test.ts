import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { type Bid, equilibrium, profitOf, solveClearing, withSupply } from "../../src/market/index.js";
import { coins, LISTING, NUMBERS } from "../market/trading.js";

/** The page in one line. */
const page = (await readFile(new URL("../../docs/market.md", import.meta.url), "utf8")).replace(/\s+/g, " ");

const bid = (terms: Pick<Bid, "alpha" | "c" | "maxPrice">): Bid => ({
  bidder: 1,
  dMin: 1,
  isReturned: false,
  ...terms,
});
const offer = (dataset: number, cost: bigint) => ({ dataset, cost, institution: dataset, capacity: 5 });

describe("docs/market.md", () => {
  it("has the example's price, and what everybody gets of it", () => {
    const terms = { ...LISTING, ...NUMBERS, dMin: coins(1) };
    const { lambda, d } = equilibrium(withSupply(terms, coins(3)));
    expect([lambda, d]).to.deep.equal([coins(4), coins(3)]);
    expect(profitOf(terms, coins(4))).to.equal(coins(9));
    expect(profitOf(terms, coins(8))).to.equal(coins(7));
    expect(page).to.contain("the provider's profit (4 − 1) · 3 = 9; at 8 it would be (8 − 1) · 1 = 7.");
    const creators = (coins(9) * BigInt(LISTING.patientShare + LISTING.doctorShare)) / 10_000n;
    expect([creators, coins(12) - creators]).to.deep.equal([coins(6.3), coins(5.7)]);
    expect(page).to.contain("max(3 · 3 · 70 %, 3 · 0.5) = **6.3**, institution **5.7**");
  });

  it("has the clearing's numbers", () => {
    const bids = [
      bid({ alpha: coins(20), c: coins(2), maxPrice: coins(8) }),
      bid({ alpha: coins(12), c: coins(1), maxPrice: coins(5) }),
    ];
    const [x, y] = [offer(1, coins(2)), offer(2, coins(4))];
    const amounts = ({ allocations }: ReturnType<typeof solveClearing>) => allocations.map(({ amount }) => amount);
    const both = solveClearing(bids, [x, y]);
    expect([both.price, ...amounts(both)]).to.deep.equal([coins(4), 4, 3]);
    const one = solveClearing(bids, [x]);
    expect([one.price, one.cut, ...amounts(one)]).to.deep.equal([coins(5), 1, 3, 0]);
    expect(page).to.contain("**The price is 4.** X sells 5, Y 2.");
    expect(page).to.contain("**the price is 5 and the cut leaves B out**");
    expect(page).to.contain("A gets 3 records, two stay unsold.");
  });
});
