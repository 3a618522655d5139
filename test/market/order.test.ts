import { expect } from "chai";
import { Role } from "../../src/accounts/role.js";
import { deliverOrder } from "../../src/market/deliver.js";
import { disputeOrder, proveFraud, ruleOrder } from "../../src/market/dispute.js";
import { manifestLeafHash } from "../../src/market/manifest.js";
import { orderOf, ordersOf } from "../../src/market/order.js";
import { InvalidOrderState, OrderState, orderStateName } from "../../src/market/orderState.js";
import { placeOrder } from "../../src/market/placeOrder.js";
import { quoteFor } from "../../src/market/quote.js";
import { confirmOrder, refundOrder, releaseOrder } from "../../src/market/release.js";
import { loadFixture, time } from "../enrolled.js";
import { coins, expectRefusal, HRESCH, type Market, ordered } from "./trading.js";

const ROOT = `0x${"11".repeat(32)}`;
const REASON = `0x${"22".repeat(32)}`;
const WEEK = 7 * 86_400;
const THIRTY_DAYS = 30 * 86_400;

/** Two of the three records of order 1 are delivered. */
async function delivered(manifestRoot = ROOT): Promise<Market> {
  const world = await ordered();
  const exportedAt = await time.latest();
  const delivery = { orderId: 1, manifestRoot, delivered: 2, exportedAt };
  await deliverOrder(world.dataMarket.connect(world.hospital), delivery);
  return world;
}

/** The same, as a fixture. */
const underReview = () => delivered();

async function disputed(): Promise<Market> {
  const world = await delivered();
  await disputeOrder(world.dataMarket.connect(world.researcher), 1, REASON);
  return world;
}

describe("deliverOrder", () => {
  it("opens the window for disputes, and refunds what is missing", async () => {
    const { dataMarket, medicalCoin, hospital, researcher } = await loadFixture(ordered);
    const exportedAt = await time.latest();
    const delivery = { orderId: 1, manifestRoot: ROOT, delivered: 2, exportedAt };
    const { deadline } = await deliverOrder(dataMarket.connect(hospital), delivery);
    expect(deadline).to.equal((await time.latest()) + WEEK);
    const expected = { state: "Delivered", delivered: 2, manifestRoot: ROOT, deadline, asOf: exportedAt };
    expect(await orderOf(dataMarket, 1)).to.include(expected);
    expect(await medicalCoin.balanceOf(researcher)).to.equal(coins(992));
    await expectRefusal(deliverOrder(dataMarket.connect(hospital), delivery), "OrderStateMismatch");
  });

  it("is refused to others, and without records", async () => {
    const { dataMarket, hospital, researcher } = await loadFixture(ordered);
    const delivery = { orderId: 1, manifestRoot: ROOT, delivered: 4, exportedAt: await time.latest() };
    await expectRefusal(deliverOrder(dataMarket.connect(researcher), delivery), "AccountRoleMismatch");
    await expectRefusal(deliverOrder(dataMarket.connect(hospital), delivery), "DeliveryInvalid");
    await expectRefusal(
      deliverOrder(dataMarket.connect(hospital), { ...delivery, delivered: 1, exportedAt: 1 }),
      "ExportTimeInvalid",
    );
  });
});

describe("confirmOrder and releaseOrder", () => {
  it("pay creators and institution, when the buyer says so or the window is over", async () => {
    const { dataMarket, researcher, relayer } = await loadFixture(underReview);
    await expectRefusal(confirmOrder(dataMarket.connect(relayer), 1), "OrderNotOf");
    await expectRefusal(releaseOrder(dataMarket.connect(relayer), 1), "OrderDeadlineNotPassed");
    const released = await confirmOrder(dataMarket.connect(researcher), 1);
    // 70 % of the margin of two records of 3 coins each.
    expect(released).to.include({ state: "Released", creators: coins(4.2), institution: coins(3.8) });
    expect((await orderOf(dataMarket, 1)).state).to.equal("Released");
  });

  it("need nobody when the window is over", async () => {
    const { dataMarket, relayer } = await loadFixture(underReview);
    await time.increase(WEEK + 1);
    expect(await releaseOrder(dataMarket.connect(relayer), 1)).to.include({ creators: coins(4.2) });
  });
});

describe("refundOrder", () => {
  it("gives the escrow back when nothing was delivered", async () => {
    const { dataMarket, hospital, relayer, researcher } = await loadFixture(ordered);
    await expectRefusal(refundOrder(dataMarket.connect(relayer), 1), "AccountNotCertified");
    const refunded = await refundOrder(dataMarket.connect(hospital), 1);
    expect(refunded).to.include({ state: "Refunded", buyer: await researcher.getAddress(), amount: coins(12) });
  });

  it("gives it back when the arbiter keeps silent", async () => {
    const { dataMarket, relayer } = await loadFixture(disputed);
    await time.increase(THIRTY_DAYS + 1);
    expect(await refundOrder(dataMarket.connect(relayer), 1)).to.include({ amount: coins(8) });
  });
});

describe("disputeOrder and ruleOrder", () => {
  it("let the arbiter decide for the buyer", async () => {
    const { dataMarket, researcher, arbiter } = await loadFixture(underReview);
    await expectRefusal(disputeOrder(dataMarket.connect(arbiter), 1, REASON), "OrderNotOf");
    const { deadline } = await disputeOrder(dataMarket.connect(researcher), 1, REASON);
    expect(deadline).to.equal((await time.latest()) + THIRTY_DAYS);
    await expectRefusal(ruleOrder(dataMarket.connect(researcher), 1, true), "AccessManagedUnauthorized");
    expect(await ruleOrder(dataMarket.connect(arbiter), 1, true)).to.include({ state: "Refunded", amount: coins(8) });
  });

  it("let the arbiter decide for the provider", async () => {
    const { dataMarket, arbiter } = await loadFixture(disputed);
    expect(await ruleOrder(dataMarket.connect(arbiter), 1, false)).to.include({ institution: coins(3.8) });
  });
});

describe("proveFraud", () => {
  const leaf = { recordId: REASON, key: ROOT, ciphertextHash: ROOT, keyHash: ROOT };

  it("refunds a delivery with a record that the version does not hold", async () => {
    const { dataMarket, relayer } = await delivered(manifestLeafHash(leaf));
    const refunded = await proveFraud(dataMarket.connect(relayer), 1, leaf, []);
    expect(refunded).to.include({ state: "Refunded", amount: coins(8) });
  });

  it("is refused for a leaf that was not delivered", async () => {
    const { dataMarket } = await loadFixture(underReview);
    await expectRefusal(proveFraud(dataMarket, 1, leaf, []), "ManifestLeafInvalid");
  });
});

describe("ordersOf", () => {
  it("finds a buyer's, a dataset's, and all", async () => {
    const { dataMarket, researcher, relayer } = await loadFixture(ordered);
    const buying = dataMarket.connect(researcher);
    const quote = await quoteFor(buying, { dataset: 1, dMin: 2 }, Role.Researcher);
    await placeOrder(buying, quote, { purpose: HRESCH });
    const buyer = await researcher.getAddress();
    const numbersOf = async (filter: object) => (await ordersOf(dataMarket, filter)).map(({ order }) => order);
    expect(await numbersOf({})).to.deep.equal([1, 2]);
    expect(await numbersOf({ buyer })).to.deep.equal([1, 2]);
    expect(await numbersOf({ dataset: 1 })).to.deep.equal([1, 2]);
    expect(await numbersOf({ buyer, dataset: 2 })).to.deep.equal([]);
    expect(await numbersOf({ buyer: await relayer.getAddress() })).to.deep.equal([]);
    await expectRefusal(orderOf(dataMarket, 3), "OrderUnknown");
  });

  it("names the states of the contract", () => {
    expect([0, 1, 2, 3, 4, 5].map(orderStateName)).to.deep.equal(Object.keys(OrderState));
    expect(() => orderStateName(6)).to.throw(InvalidOrderState, "no state 6");
  });
});
