import { expect } from "chai";
import { Role } from "../../src/accounts/role.js";
import { chainEquilibrium, RegimeUnknown, regimeName } from "../../src/market/chainEquilibrium.js";
import { equilibrium } from "../../src/market/pricing.js";
import { paymentOf } from "../../src/market/pricingGains.js";
import { HIGHEST_PRICE, quoteFor, quoteWith } from "../../src/market/quote.js";
import { enrolled, loadFixture } from "../enrolled.js";
import { vectors } from "./pricingTerms.js";
import { coins, expectRefusal, NUMBERS, onSale } from "./trading.js";

const wish = { dataset: 1, dMin: 1 };

describe("quoteFor", () => {
  it("says version, price, amount and payment, with the published numbers", async () => {
    const { dataMarket } = await loadFixture(onSale);
    expect(await quoteFor(dataMarket, wish, Role.Researcher)).to.deep.equal({
      ...wish,
      maxPrice: HIGHEST_PRICE,
      version: 1,
      price: coins(4),
      amount: 3,
      payment: coins(12),
      regime: "INT",
    });
  });

  it("keeps to a maximum price, and to the supply", async () => {
    const { dataMarket } = await loadFixture(onSale);
    const dear = quoteFor(dataMarket, { ...wish, maxPrice: coins(1.9) }, Role.Researcher);
    await expectRefusal(dear, "NoTrade");
    await expectRefusal(quoteFor(dataMarket, { dataset: 1, dMin: 5 }, Role.Researcher), "SupplyInsufficient");
    const capped = await quoteFor(dataMarket, { ...wish, maxPrice: coins(3.5) }, Role.Researcher);
    expect(capped).to.include({ price: coins(3.5), amount: 4, payment: coins(14), regime: "MAX_SLACK" });
  });

  it("is refused for roles without numbers, and for datasets that are not on sale", async () => {
    const { dataMarket } = await loadFixture(onSale);
    await expectRefusal(quoteFor(dataMarket, wish, Role.Company), "NumbersNotPublished");
    await expectRefusal(quoteFor(dataMarket, { dataset: 2, dMin: 1 }, Role.Researcher), "DatasetNotOnSale");
  });
});

describe("quoteWith", () => {
  it("says the same for the same numbers, and something else for others", async () => {
    const { dataMarket } = await loadFixture(onSale);
    const published = await quoteFor(dataMarket, wish, Role.Researcher);
    expect(await quoteWith(dataMarket, wish, NUMBERS)).to.deep.equal(published);
    const indifferent = await quoteWith(dataMarket, wish, { alpha: 0n, c: coins(2) });
    expect(indifferent).to.include({ price: coins(8), amount: 1, regime: "MAX_BIND" });
    await expectRefusal(quoteWith(dataMarket, wish, { alpha: 1n, c: 0n }), "PricingCostInvalid");
  });
});

describe("chainEquilibrium", () => {
  it("is what the library computes, with the payment", async () => {
    const { quoter } = await loadFixture(enrolled);
    for (const { inputs } of vectors.slice(0, 12)) {
      const expected = equilibrium(inputs);
      const payment = paymentOf(expected.lambda, expected.d);
      expect(await chainEquilibrium(quoter, inputs)).to.deep.equal({ ...expected, payment });
    }
  });

  it("knows four regimes", () => {
    expect([0n, 1n, 2n, 3n].map(regimeName)).to.deep.equal(["INT", "MIN", "MAX_SLACK", "MAX_BIND"]);
    expect(() => regimeName(4n)).to.throw(RegimeUnknown, "regime 4");
  });
});
