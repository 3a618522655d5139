import { expect } from "chai";
import { listDataset } from "../../src/market/listing.js";
import { pauseMarket, unpauseMarket } from "../../src/market/pause.js";
import { enrolled, loadFixture } from "../enrolled.js";
import { expectRefusal, LISTING } from "./trading.js";

describe("pauseMarket", () => {
  it("stops each contract that is not stopped, and starts them again", async () => {
    const { datasetRegistry, dataMarket, hospital } = await loadFixture(enrolled);
    await pauseMarket([dataMarket]);
    expect(await pauseMarket([datasetRegistry, dataMarket])).to.have.length(1);
    expect([await datasetRegistry.paused(), await dataMarket.paused()]).to.deep.equal([true, true]);
    await expectRefusal(listDataset(datasetRegistry.connect(hospital), LISTING), "EnforcedPause");
    expect(await unpauseMarket([datasetRegistry, dataMarket])).to.have.length(2);
    expect(await unpauseMarket([datasetRegistry, dataMarket])).to.deep.equal([]);
    expect(await dataMarket.paused()).to.equal(false);
  });

  it("is for pausers", async () => {
    const { dataMarket, hospital } = await loadFixture(enrolled);
    await expectRefusal(pauseMarket([dataMarket.connect(hospital)]), "AccessManagedUnauthorized");
  });
});
