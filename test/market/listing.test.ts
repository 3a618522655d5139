import { expect } from "chai";
import fc from "fast-check";
import { allDatasets, datasetOf } from "../../src/market/dataset.js";
import { listDataset, packWeights, unpackWeights } from "../../src/market/listing.js";
import { enrolled, loadFixture } from "../enrolled.js";
import { coins, expectRefusal, LISTING, onSale } from "./trading.js";

describe("listDataset", () => {
  it("lists a dataset of the institution, without records", async () => {
    const { datasetRegistry, hospital } = await loadFixture(enrolled);
    const listed = await listDataset(datasetRegistry.connect(hospital), { ...LISTING, weights: { 24: 2, 29: 255 } });
    expect(listed).to.deep.include({ dataset: 1 });
    expect(await datasetOf(datasetRegistry, 1)).to.deep.equal({
      ...LISTING,
      weights: { 24: 2, 29: 255 },
      dataset: 1,
      institution: 1,
      open: true,
      version: 0,
      records: 0,
      weight: 0,
      joining: 0,
    });
  });

  it("is refused to others, and with terms that do not fit", async () => {
    const { datasetRegistry, hospital, researcher } = await loadFixture(enrolled);
    await expectRefusal(listDataset(datasetRegistry.connect(researcher), LISTING), "AccountRoleMismatch");
    const greedy = { ...LISTING, lambdaMin: coins(1) };
    await expectRefusal(listDataset(datasetRegistry.connect(hospital), greedy), "ListingInvalid");
    await expectRefusal(
      listDataset(datasetRegistry.connect(hospital), { ...LISTING, weights: { 25: 1 } }),
      "ListingInvalid",
    );
  });
});

describe("allDatasets", () => {
  it("has every dataset by number, and none is unknown", async () => {
    const { datasetRegistry, hospital } = await loadFixture(onSale);
    await listDataset(datasetRegistry.connect(hospital), LISTING);
    const all = await allDatasets(datasetRegistry);
    expect(all.map(({ dataset, version, records, weight }) => [dataset, version, records, weight])).to.deep.equal([
      [1, 1, 4, 4],
      [2, 0, 0, 0],
    ]);
    await expectRefusal(datasetOf(datasetRegistry, 3), "DatasetUnknown");
  });
});

describe("packWeights", () => {
  it("keeps the weight of every class", () => {
    const weights = fc.dictionary(fc.integer({ min: 24, max: 31 }).map(String), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(weights, (some) => {
        expect(unpackWeights(packWeights(some))).to.deep.equal({ ...some });
      }),
    );
    expect(packWeights({ 24: 1, 25: 2 })).to.equal(0x0201n);
  });
});
