import { expect } from "chai";
import { BrowserProvider } from "ethers";
import { addRecords } from "../../src/market/addRecords.js";
import { datasetRecords, everListed } from "../../src/market/datasetRecords.js";
import { withMarketGrants } from "../../src/market/marketGrant.js";
import { openVersion, withdrawRecords } from "../../src/market/versions.js";
import { DatasetRegistry__factory } from "../../types/ethers-contracts/index.js";
import { connection, ethers, loadFixture } from "../enrolled.js";
import { onSale } from "./trading.js";

/** Version 1 of dataset 1 has four records; the first is not in version 2, and is in version 3 again. */
async function threeVersions() {
  const world = await onSale();
  const registry = world.datasetRegistry.connect(world.hospital);
  const records = await withMarketGrants(world, 1, world.ids);
  const firstVersion = await ethers.provider.getBlockNumber();
  await withdrawRecords(registry, 1, world.ids.slice(0, 1));
  await addRecords(registry, 1, records.slice(0, 1));
  await openVersion(registry, 1);
  return { registry, records, firstVersion };
}

describe("datasetRecords", () => {
  it("has the records that joined up to a version and had not left, each with its grant", async () => {
    const { registry, records } = await loadFixture(threeVersions);
    const [first, ...others] = records;
    expect(await datasetRecords(registry, 1, 0)).to.deep.equal([]);
    expect(await datasetRecords(registry, 1, 1)).to.deep.equal(records);
    expect(await datasetRecords(registry, 1, 2)).to.deep.equal(others);
    expect(await datasetRecords(registry, 1, 3)).to.deep.equal([...others, first]);
    expect(await datasetRecords(registry, 2, 1)).to.deep.equal([]);
  });

  it("is the same up to the block of an order as it is later", async () => {
    const { registry, records, firstVersion } = await loadFixture(threeVersions);
    expect(await datasetRecords(registry, 1, 1, { toBlock: firstVersion })).to.deep.equal(records);
    expect(await datasetRecords(registry, 1, 3, { toBlock: firstVersion })).to.deep.equal(records);
  });

  it("is the same when a node tells the events in another order", async () => {
    const { registry, records } = await loadFixture(threeVersions);
    const node = new BrowserProvider({
      request: async ({ method, params }) => {
        const answer: unknown = await connection.provider.request({ method, params: params ?? [] });
        return method === "eth_getLogs" && Array.isArray(answer) ? answer.reverse() : answer;
      },
    });
    const other = DatasetRegistry__factory.connect(await registry.getAddress(), node);
    const [first, ...others] = records;
    expect(await datasetRecords(other, 1, 2)).to.deep.equal(others);
    expect(await datasetRecords(other, 1, 3)).to.deep.equal([...others, first]);
    expect(await everListed(other, 1)).to.deep.equal(records.map(({ id }) => id));
  });
});
