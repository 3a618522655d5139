import { expect } from "chai";
import { datasetOf } from "../../src/market/dataset.js";
import { advanceCeiling } from "../../src/market/numbers.js";
import { ceilingOf, closeDataset, setPrices } from "../../src/market/prices.js";
import { quoteFor } from "../../src/market/quote.js";
import { loadFixture, time } from "../enrolled.js";
import { coins, expectRefusal, onSale, RESEARCHERS } from "./trading.js";

describe("setPrices", () => {
  it("sets the bounds of the price, and with them the ceiling", async () => {
    const { datasetRegistry, dataMarket, hospital } = await loadFixture(onSale);
    const registry = datasetRegistry.connect(hospital);
    const ceiling = async () => (await ceilingOf(dataMarket, await datasetOf(registry, 1))).ceiling;
    expect(await ceiling()).to.equal(coins(8));
    await setPrices(registry, 1, { lambdaMin: coins(3), lambdaMax: coins(5) });
    expect(await datasetOf(registry, 1)).to.include({ lambdaMin: coins(3), lambdaMax: coins(5) });
    expect(await ceiling()).to.equal(coins(5));
    await expectRefusal(setPrices(registry, 1, { lambdaMin: coins(1), lambdaMax: coins(5) }), "PricesInvalid");
  });

  it("keeps a ceiling that moved within the bounds", async () => {
    const { datasetRegistry, dataMarket, hospital } = await loadFixture(onSale);
    const registry = datasetRegistry.connect(hospital);
    const period = Number((await dataMarket.marketRules()).periodLength);
    await advanceCeiling(dataMarket, 1);
    await expectRefusal(advanceCeiling(dataMarket, 1), "PeriodNotOver");
    await time.increase(period);
    const moved = await advanceCeiling(dataMarket, 1);
    expect(moved).to.include({ ceiling: coins(7), period: Number(await dataMarket.currentPeriod()) });
    expect(await ceilingOf(dataMarket, await datasetOf(registry, 1))).to.deep.equal({
      ceiling: coins(7),
      since: await time.latest(),
      demand: 0,
    });
    await setPrices(registry, 1, { lambdaMin: coins(7.5), lambdaMax: coins(9) });
    expect((await ceilingOf(dataMarket, await datasetOf(registry, 1))).ceiling).to.equal(coins(7.5));
  });
});

describe("closeDataset", () => {
  it("takes the dataset off sale for good", async () => {
    const { datasetRegistry, dataMarket, hospital, researcher } = await loadFixture(onSale);
    await expectRefusal(closeDataset(datasetRegistry.connect(researcher), 1), "AccountRoleMismatch");
    await closeDataset(datasetRegistry.connect(hospital), 1);
    expect(await datasetOf(datasetRegistry, 1)).to.include({ open: false, records: 4 });
    await expectRefusal(quoteFor(dataMarket, { dataset: 1, dMin: 1 }, RESEARCHERS.role), "DatasetNotOnSale");
    await expectRefusal(closeDataset(datasetRegistry.connect(hospital), 1), "DatasetNotOpen");
  });
});
