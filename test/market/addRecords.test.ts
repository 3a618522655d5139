import { expect } from "chai";
import { addRecords } from "../../src/market/addRecords.js";
import { datasetOf } from "../../src/market/dataset.js";
import { datasetRecords } from "../../src/market/datasetRecords.js";
import { BATCH_SIZE, inBatches } from "../../src/market/inBatches.js";
import { listDataset } from "../../src/market/listing.js";
import { listableRecords, MarketGrantMissing, marketGrantOf, withMarketGrants } from "../../src/market/marketGrant.js";
import { openVersion, withdrawRecords } from "../../src/market/versions.js";
import { grantConsent, revokeConsent } from "../../src/records/consent.js";
import { DataClass } from "../../src/records/dataClass.js";
import { allRecords, grantKeyOf, institution, oneRecord, recordsOfClass, role } from "../../src/records/grant.js";
import { loadFixture, registeredFor, rejection } from "../enrolled.js";
import { expectRefusal, LISTING, market, marketTerms, onSale } from "./trading.js";

async function listed() {
  const world = await market();
  await listDataset(world.datasetRegistry.connect(world.hospital), LISTING);
  return world;
}

describe("withMarketGrants", () => {
  it("finds the grants to the institution and to all institutions, for all records and for one", async () => {
    const world = await loadFixture(listed);
    const records = await withMarketGrants(world, 1, world.ids);
    const toHospital = grantKeyOf(world.patient[0].address, allRecords(), institution(1));
    const toAll = grantKeyOf(world.neighbour[0].address, oneRecord(world.ids[3] ?? ""), role(3));
    expect(records.map(({ id }) => id)).to.deep.equal(world.ids);
    expect(records.map(({ key }) => key)).to.deep.equal([toHospital, toHospital, toHospital, toAll]);
  });

  it("takes a grant for the record's class when the one for all records is gone", async () => {
    const world = await loadFixture(listed);
    const wallet = world.patient[0];
    const consents = world.consentRegistry.connect(wallet);
    await revokeConsent(consents, allRecords(), institution(1));
    const [id = ""] = world.ids;
    const missing = await rejection(withMarketGrants(world, 1, [id]));
    expect(missing).to.be.instanceOf(MarketGrantMissing);
    expect(String(missing)).to.contain(`let institution 1 market the record ${id}`.replace("let", "lets"));
    const ofClass = recordsOfClass(DataClass.AmbulatoryRecord);
    await grantConsent(consents, ofClass, institution(1), await marketTerms());
    const dataset = await datasetOf(world.datasetRegistry, 1);
    expect(await marketGrantOf(world, dataset, id)).to.equal(grantKeyOf(wallet.address, ofClass, institution(1)));
  });

  it("finds none for a record that there is not", async () => {
    const world = await loadFixture(listed);
    const unknown = `0x${"ab".repeat(32)}`;
    expect(await marketGrantOf(world, await datasetOf(world.datasetRegistry, 1), unknown)).to.equal(undefined);
  });
});

describe("listableRecords", () => {
  it("has the records with a grant that are in no dataset", async () => {
    const world = await loadFixture(listed);
    const { datasetRegistry, hospital, ids } = world;
    await registeredFor(world, world.neighbour[1]);
    const listable = await listableRecords(world, 1);
    expect(listable.map(({ id }) => id)).to.deep.equal(ids);
    const registry = datasetRegistry.connect(hospital);
    await addRecords(registry, 1, listable.slice(0, 2));
    expect((await listableRecords(world, 1)).map(({ id }) => id)).to.deep.equal(ids.slice(2));
    await withdrawRecords(registry, 1, ids.slice(0, 1));
    expect((await listableRecords(world, 1)).map(({ id }) => id)).to.deep.equal([ids[0], ids[2], ids[3]]);
    const { dataset } = await listDataset(registry, { ...LISTING, dataClass: 25, weights: { 25: 1 } });
    expect(await listableRecords(world, dataset)).to.deep.equal([]);
  });
});

describe("addRecords", () => {
  it("adds what waits for the next version", async () => {
    const world = await loadFixture(listed);
    const { datasetRegistry, hospital } = world;
    const records = await withMarketGrants(world, 1, world.ids);
    const added = await addRecords(datasetRegistry.connect(hospital), 1, records);
    expect(added.version).to.equal(1);
    expect(added.receipts).to.have.length(1);
    expect(await datasetOf(datasetRegistry, 1)).to.include({ version: 0, records: 0, joining: 4 });
    expect(await datasetRecords(datasetRegistry, 1, 1)).to.deep.equal(records);
  });

  it("does nothing with no records, and is refused for those that are in a dataset", async () => {
    const world = await loadFixture(onSale);
    const registry = world.datasetRegistry.connect(world.hospital);
    expect(await addRecords(registry, 1, [])).to.deep.equal({ version: undefined, receipts: [] });
    const records = await withMarketGrants(world, 1, world.ids);
    await expectRefusal(addRecords(registry, 1, records), "RecordAlreadyListed");
    await expectRefusal(addRecords(registry.connect(world.researcher), 1, records), "AccountRoleMismatch");
  });
});

describe("inBatches", () => {
  it("keeps all in order, as many at a time as a transaction takes", () => {
    const things = Array.from({ length: 2 * BATCH_SIZE + 1 }, (_, place) => place);
    const batches = inBatches(things);
    expect(batches.map(({ length }) => length)).to.deep.equal([100, 100, 1]);
    expect(batches.flat()).to.deep.equal(things);
    expect(inBatches([])).to.deep.equal([]);
  });
});

describe("versions", () => {
  it("are fixed sets of records", async () => {
    const world = await loadFixture(listed);
    const { ids } = world;
    const registry = world.datasetRegistry.connect(world.hospital);
    const records = await withMarketGrants(world, 1, ids);
    await addRecords(registry, 1, records.slice(0, 2));
    expect(await openVersion(registry, 1)).to.include({ version: 1, records: 2 });
    await addRecords(registry, 1, records.slice(2));
    expect(await withdrawRecords(registry, 1, ids.slice(0, 1))).to.include({ version: 2, records: 3 });
    await addRecords(registry, 1, records.slice(0, 1));
    const idsOf = async (version: number) => (await datasetRecords(registry, 1, version)).map(({ id }) => id);
    expect(await idsOf(1)).to.deep.equal([ids[0], ids[1]]);
    expect(await idsOf(2)).to.deep.equal([ids[1], ids[2], ids[3]]);
    expect(await idsOf(3)).to.deep.equal([ids[1], ids[2], ids[3], ids[0]]);
    expect(await openVersion(registry, 1)).to.include({ version: 3, records: 4 });
    await expectRefusal(openVersion(registry, 1), "NothingJoining");
    await expectRefusal(withdrawRecords(registry, 1, [`0x${"ab".repeat(32)}`]), "RecordNotListed");
  });
});
