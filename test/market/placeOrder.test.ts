import { expect } from "chai";
import { Role } from "../../src/accounts/role.js";
import { orderOf } from "../../src/market/order.js";
import { buyerRole, placeOrder } from "../../src/market/placeOrder.js";
import { setPrices } from "../../src/market/prices.js";
import { quoteFor } from "../../src/market/quote.js";
import { PurposeOfUse } from "../../src/records/purposeOfUse.js";
import { loadFixture } from "../enrolled.js";
import { coins, expectRefusal, HRESCH, type Market, onSale } from "./trading.js";

const purpose = HRESCH;

async function quoted({ dataMarket, researcher }: Market) {
  const buying = dataMarket.connect(researcher);
  return { buying, quote: await quoteFor(buying, { dataset: 1, dMin: 1 }, Role.Researcher) };
}

describe("placeOrder", () => {
  it("orders what was quoted with a permit, in one transaction", async () => {
    const world = await loadFixture(onSale);
    const { medicalCoin, dataMarket, researcher } = world;
    const { buying, quote } = await quoted(world);
    const sent = await researcher.getNonce();
    const { receipt, ...placed } = await placeOrder(buying, quote, { purpose });
    expect(placed).to.deep.equal({ order: 1, price: coins(4), amount: 3, payment: coins(12) });
    expect((await researcher.getNonce()) - sent).to.equal(1);
    expect(await medicalCoin.balanceOf(researcher)).to.equal(coins(988));
    expect(await medicalCoin.balanceOf(dataMarket)).to.equal(coins(12));
    expect(await medicalCoin.allowance(researcher, dataMarket)).to.equal(0n);
    const buyer = await researcher.getAddress();
    const expected = { state: "Ordered", buyer, dataset: 1, version: 1, amount: 3, delivered: 0, purpose };
    expect(await orderOf(dataMarket, 1)).to.include(expected);
    expect(receipt.status).to.equal(1);
  });

  it("gives an allowance of exactly the payment on demand, and uses one that is there", async () => {
    const world = await loadFixture(onSale);
    const { medicalCoin, dataMarket, researcher } = world;
    const { buying, quote } = await quoted(world);
    await placeOrder(buying, quote, { purpose, payBy: "allowance" });
    expect(await medicalCoin.allowance(researcher, dataMarket)).to.equal(0n);
    await medicalCoin.connect(researcher).approve(dataMarket, coins(20));
    await placeOrder(buying, quote, { purpose });
    expect(await medicalCoin.allowance(researcher, dataMarket)).to.equal(coins(8));
    expect(await dataMarket.orderCount()).to.equal(2);
  });

  it("is refused when the quote does not hold any more, and leaves no allowance", async () => {
    const world = await loadFixture(onSale);
    const { medicalCoin, dataMarket, datasetRegistry, hospital, researcher } = world;
    const { buying, quote } = await quoted(world);
    const pay = { purpose, payBy: "allowance" } as const;
    await setPrices(datasetRegistry.connect(hospital), 1, { lambdaMin: coins(7), lambdaMax: coins(8) });
    // Two records at 7 would cost more than three at 4, and one at 12 as much: neither is what was quoted.
    await expectRefusal(placeOrder(buying, quote, pay), "NoTrade");
    await expectRefusal(placeOrder(buying, { ...quote, price: coins(8) }, pay), "QuoteExceeded");
    const dearer = await quoteFor(buying, quote, Role.Researcher);
    expect(dearer).to.include({ amount: 2, payment: coins(14) });
    await expectRefusal(placeOrder(buying, { ...quote, version: 2 }, pay), "VersionChanged");
    await expectRefusal(placeOrder(buying, quote, { ...pay, purpose: PurposeOfUse.TREAT }), "PurposeNotOffered");
    await expectRefusal(placeOrder(dataMarket.connect(hospital), quote, pay), "NumbersNotPublished");
    await medicalCoin.connect(researcher).transfer(hospital, coins(999));
    await expectRefusal(placeOrder(buying, dearer, pay), "ERC20InsufficientBalance");
    expect(await medicalCoin.allowance(researcher, dataMarket)).to.equal(0n);
  });
});

describe("buyerRole", () => {
  it("is the runner's role", async () => {
    const { dataMarket, researcher, relayer } = await loadFixture(onSale);
    expect(await buyerRole(dataMarket.connect(researcher))).to.equal(Role.Researcher);
    expect(await buyerRole(dataMarket.connect(relayer))).to.equal(Role.None);
  });
});
