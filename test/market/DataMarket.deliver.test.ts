import { expect } from "chai";
import { ZeroHash } from "ethers";
import { ethers, loadFixture, time, wordOf } from "../fixture.js";
import { coins, deadlineOf, fieldsOf, idsOf, market, OrderState, placeOrder, RULES, stateOf } from "./world.js";

const ROOT = wordOf(1234);
const HOUR = 3_600;

/** Order 1 of the researcher, for five records. */
async function ordered() {
  const world = await loadFixture(market);
  const order = await placeOrder(world);
  const { price, asOf } = await world.dataMarket.orderOf(order);
  return { ...world, world, delivering: world.dataMarket.connect(world.hospital), price, orderedAt: Number(asOf) };
}

describe("DataMarket: deliver", () => {
  it("takes a whole delivery, and gives the buyer the window to dispute", async () => {
    const { delivering, dataMarket, medicalCoin, researcher, orderedAt, price } = await ordered();
    const before = fieldsOf(await dataMarket.orderOf(1));
    const now = orderedAt + 600;
    await time.setNextBlockTimestamp(now);
    const sent = delivering.deliver(1, ROOT, 5, now - 10);
    const deadline = now + RULES.disputeWindow;
    await expect(sent)
      .to.emit(dataMarket, "OrderDelivered")
      .withArgs(1, ROOT, 5, now - 10, deadline);
    await expect(sent).not.to.emit(dataMarket, "EscrowRefunded");
    await expect(sent).to.changeTokenBalances(ethers, medicalCoin, [researcher, dataMarket], [0n, 0n]);
    expect(fieldsOf(await dataMarket.orderOf(1))).to.deep.equal({
      ...before,
      price,
      state: OrderState.Delivered,
      deadline: BigInt(deadline),
      asOf: BigInt(now - 10),
      delivered: 5n,
      manifestRoot: ROOT,
    });
  });

  it("refunds what is not delivered at once", async () => {
    const { delivering, dataMarket, medicalCoin, researcher, price } = await ordered();
    const sent = delivering.deliver(1, ROOT, 1, await time.latest());
    await expect(sent)
      .to.emit(dataMarket, "EscrowRefunded")
      .withArgs(1, researcher.address, 4n * price);
    await expect(sent).to.changeTokenBalances(ethers, medicalCoin, [researcher, dataMarket], [4n * price, -4n * price]);
    const { amount, delivered } = await dataMarket.orderOf(1);
    expect([amount, delivered]).to.deep.equal([5n, 1n]);
  });

  it("refuses no root, no record, and more than was ordered", async () => {
    const { delivering, dataMarket } = await ordered();
    const now = await time.latest();
    for (const [root, delivered] of [
      [ZeroHash, 5],
      [ROOT, 0],
      [ROOT, 6],
      [ROOT, 2 ** 24 - 1],
    ] as const) {
      await expect(delivering.deliver(1, root, delivered, now))
        .to.be.revertedWithCustomError(dataMarket, "DeliveryInvalid")
        .withArgs(root, delivered, 5);
    }
  });

  it("takes an export from the order on, of the last hour, and not of the future", async () => {
    const { delivering, dataMarket, orderedAt } = await ordered();
    const exportAt = async (now: number, exportedAt: number) => {
      await time.setNextBlockTimestamp(now);
      return delivering.deliver(1, ROOT, 5, exportedAt);
    };
    const refuse = async (now: number, exportedAt: number, earliest: number) => {
      await expect(exportAt(now, exportedAt))
        .to.be.revertedWithCustomError(dataMarket, "ExportTimeInvalid")
        .withArgs(exportedAt, earliest);
    };
    await refuse(orderedAt + 10, orderedAt - 1, orderedAt);
    await refuse(orderedAt + 11, orderedAt + 12, orderedAt);
    await refuse(orderedAt + HOUR + 50, orderedAt + 49, orderedAt + 50);
    await refuse(orderedAt + HOUR + 51, 0, orderedAt + 51);
    await refuse(orderedAt + HOUR + 52, 2 ** 40 - 1, orderedAt + 52);
    await exportAt(orderedAt + HOUR + 53, orderedAt + 53);
    expect((await dataMarket.orderOf(1)).asOf).to.equal(orderedAt + 53);
  });

  it("takes an export of the very second of the order", async () => {
    const { delivering, dataMarket, orderedAt } = await ordered();
    await delivering.deliver(1, ROOT, 5, orderedAt);
    expect((await dataMarket.orderOf(1)).asOf).to.equal(orderedAt);
  });

  it("is in time until the deadline's second", async () => {
    const { world, delivering, dataMarket } = await ordered();
    await placeOrder(world);
    const deadline = await deadlineOf(world, 1);
    await time.setNextBlockTimestamp(deadline);
    await delivering.deliver(1, ROOT, 5, deadline);
    const later = await deadlineOf(world, 2);
    await time.setNextBlockTimestamp(later + 1);
    await expect(delivering.deliver(2, ROOT, 5, later))
      .to.be.revertedWithCustomError(dataMarket, "OrderDeadlinePassed")
      .withArgs(2, later);
  });

  it("is for the provider, whose certificate holds", async () => {
    const { delivering, dataMarket, accountCenter, registrar, hospital, clinic, researcher } = await ordered();
    const now = await time.latest();
    await expect(dataMarket.connect(clinic).deliver(1, ROOT, 5, now))
      .to.be.revertedWithCustomError(dataMarket, "OrderNotFrom")
      .withArgs(1, 1);
    await expect(dataMarket.connect(researcher).deliver(1, ROOT, 5, now))
      .to.be.revertedWithCustomError(dataMarket, "AccountRoleMismatch")
      .withArgs(researcher.address, 4, 3);
    await accountCenter.connect(registrar).suspend(hospital, 0);
    await expect(delivering.deliver(1, ROOT, 5, now))
      .to.be.revertedWithCustomError(dataMarket, "AccountSuspended")
      .withArgs(hospital.address);
  });

  it("is once, of an order that waits for it", async () => {
    const { world, delivering, dataMarket } = await ordered();
    await placeOrder(world);
    const now = await time.latest();
    for (const unknown of [0, 3]) {
      await expect(delivering.deliver(unknown, ROOT, 5, now))
        .to.be.revertedWithCustomError(dataMarket, "OrderUnknown")
        .withArgs(unknown);
    }
    await delivering.deliver(1, ROOT, 4, now);
    await delivering.refund(2);
    for (const order of [1, 2]) {
      await expect(delivering.deliver(order, ROOT, 4, now))
        .to.be.revertedWithCustomError(dataMarket, "OrderStateMismatch")
        .withArgs(order, await stateOf(world, order));
    }
  });

  it("is for the version that was ordered, whatever became of the dataset since", async () => {
    const { delivering, dataMarket, datasetRegistry, hospital, pauser, records, price } = await ordered();
    const provider = datasetRegistry.connect(hospital);
    await provider.withdrawRecords(1, idsOf(records));
    await provider.setPrices(1, coins(9), coins(9));
    await provider.closeDataset(1);
    await dataMarket.connect(pauser).pause();
    await delivering.deliver(1, ROOT, 5, await time.latest());
    const order = await dataMarket.orderOf(1);
    expect([order.version, order.price, order.delivered]).to.deep.equal([1n, price, 5n]);
  });
});
