import { expect } from "chai";
import { remedyFor } from "../../src/chainErrorRemedies.js";
import { marketRemedies } from "../../src/market/marketRemedies.js";

const NOON = 1_800_000_000n;

describe("the market's remedies", () => {
  it("are sentences, whatever the arguments", () => {
    const args = { state: 3n, role: 4n, least: 1n, payment: 1n, lambdaMin: 1n, deadline: 1n, earliest: 1n };
    const times = { biddingEnd: 1n, settleDeadline: 1n, end: 1n };
    for (const [name, remedy] of Object.entries(marketRemedies)) {
      const text = typeof remedy === "function" ? remedy({ ...args, ...times }) : remedy;
      expect(text, name).to.match(/^[A-Z][^\n]*\.$/);
    }
  });

  it("say prices in coin, times in UTC, and names of states and roles", () => {
    expect(remedyFor("PricesInvalid", { least: 15n * 10n ** 17n })).to.contain("lambdaMin at 1.5 coins");
    expect(remedyFor("QuoteExceeded", { payment: 12n * 10n ** 18n })).to.contain("costs 12 coins now");
    expect(remedyFor("NoTrade", { lambdaMin: 10n ** 18n })).to.contain("is 1 coins a record");
    expect(remedyFor("OrderDeadlinePassed", { deadline: NOON })).to.contain("ended at 2027-01-15T08:00:00.000Z");
    expect(remedyFor("OrderStateMismatch", { order: 7n, state: 4n })).to.contain("Order 7 is released");
    expect(remedyFor("NumbersNotPublished", { role: 5n })).to.contain("this class and Company");
    expect(remedyFor("RecordNotListable", { institution: 1n, state: 4n })).to.contain("this is superseded");
    expect(remedyFor("RoundNotOver", { settleDeadline: NOON })).to.contain("until 2027-01-15");
  });
});
