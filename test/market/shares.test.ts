import { expect } from "chai";
import { Role } from "../../src/accounts/role.js";
import { addRecords } from "../../src/market/addRecords.js";
import { claimIncome } from "../../src/market/income.js";
import { listDataset } from "../../src/market/listing.js";
import { withMarketGrants } from "../../src/market/marketGrant.js";
import { placeOrder } from "../../src/market/placeOrder.js";
import { quoteFor } from "../../src/market/quote.js";
import { claimShares, dueShares } from "../../src/market/shares.js";
import { claimSharingRewards } from "../../src/market/sharingRewards.js";
import { openVersion, withdrawRecords } from "../../src/market/versions.js";
import { loadFixture } from "../enrolled.js";
import { coins, expectRefusal, HRESCH, LISTING, type Market, market, ordered, sell } from "./trading.js";

/** Version 1 with four records was sold once; version 3, into which the first came back, as well. */
async function soldTwice(): Promise<Market> {
  const world = await ordered();
  await sell(world, 1);
  const registry = world.datasetRegistry.connect(world.hospital);
  await withdrawRecords(registry, 1, world.ids.slice(0, 1));
  await addRecords(registry, 1, await withMarketGrants(world, 1, world.ids.slice(0, 1)));
  await openVersion(registry, 1);
  const buying = world.dataMarket.connect(world.researcher);
  const quote = await quoteFor(buying, { dataset: 1, dMin: 1 }, Role.Researcher);
  await placeOrder(buying, quote, { purpose: HRESCH });
  await sell(world, 2);
  return world;
}

/** 70 % of the margin of 9 coins, among four records: six sevenths to the patient. */
const share = { patient: coins(1.35), doctor: coins(0.225) };

describe("claimShares", () => {
  it("pays a record for every version that was sold, whichever of its listings was in it", async () => {
    const { dataMarket, medicalCoin, patient, doctor, relayer, ids } = await loadFixture(soldTwice);
    const [id = "", second = ""] = ids;
    const anyone = dataMarket.connect(relayer);
    const { claimed, receipts } = await claimShares(anyone, [id, second, id]);
    expect(claimed).to.deep.equal([
      { recordId: id, ordinal: 0, dataset: 1, version: 1, ...share },
      { recordId: id, ordinal: 1, dataset: 1, version: 3, ...share },
      { recordId: second, ordinal: 0, dataset: 1, version: 1, ...share },
      { recordId: second, ordinal: 0, dataset: 1, version: 3, ...share },
    ]);
    expect(receipts).to.have.length(1);
    expect(await medicalCoin.balanceOf(patient[0])).to.equal(coins(5.4));
    expect(await medicalCoin.balanceOf(doctor)).to.equal(coins(0.9));
    expect(await claimShares(anyone, [id, second])).to.deep.equal({ claimed: [], receipts: [] });
    expect(await dueShares(dataMarket, ids.slice(2))).to.have.length(4);
  });

  it("owes nothing for an order that stands, and for records in no dataset", async () => {
    const { dataMarket, ids } = await loadFixture(ordered);
    expect(await dueShares(dataMarket, [...ids, `0x${"ab".repeat(32)}`])).to.deep.equal([]);
  });
});

describe("claimIncome", () => {
  it("pays the institution, once", async () => {
    const { dataMarket, medicalCoin, hospital } = await loadFixture(soldTwice);
    const income = await claimIncome(dataMarket.connect(hospital), 1);
    expect(income).to.include({ institution: 1, amount: coins(11.4) });
    expect(await medicalCoin.balanceOf(hospital)).to.equal(coins(11.4));
    await expectRefusal(claimIncome(dataMarket.connect(hospital), 1), "NoIncome");
  });
});

describe("claimSharingRewards", () => {
  it("leaves out what waits for a version, and what no version ever held", async () => {
    const { datasetRegistry, hospital, ids, ...world } = await loadFixture(market);
    const registry = datasetRegistry.connect(hospital);
    await listDataset(registry, LISTING);
    await addRecords(registry, 1, await withMarketGrants({ ...world, datasetRegistry }, 1, ids));
    const nothing = { claimed: [], receipts: [] };
    expect(await claimSharingRewards(registry, ids)).to.deep.equal(nothing);
    await withdrawRecords(registry, 1, ids.slice(0, 1));
    expect((await claimSharingRewards(registry, ids)).claimed).to.deep.equal(ids.slice(1));
  });

  it("emits what each record has earned, once", async () => {
    const world = await loadFixture(soldTwice);
    const { datasetRegistry, medicalCoin, hospital, patient, relayer, ids } = world;
    const registry = datasetRegistry.connect(relayer);
    const unknown = `0x${"ab".repeat(32)}`;
    const { claimed, receipts } = await claimSharingRewards(registry, [...ids, unknown]);
    expect(claimed).to.deep.equal(ids);
    expect(receipts).to.have.length(1);
    expect(await medicalCoin.balanceOf(patient[0])).to.equal(coins(1.8));
    expect(await medicalCoin.balanceOf(hospital)).to.equal(coins(1.2));
    expect(await claimSharingRewards(registry, ids)).to.deep.equal({ claimed: [], receipts: [] });
  });
});
