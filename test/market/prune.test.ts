import { expect } from "chai";
import { datasetRecords } from "../../src/market/datasetRecords.js";
import { prunableRecords, pruneRecords } from "../../src/market/prune.js";
import { revokeConsent } from "../../src/records/consent.js";
import { allRecords, institution } from "../../src/records/grant.js";
import { loadFixture, registeredFor } from "../enrolled.js";
import { expectRefusal, onSale } from "./trading.js";

describe("pruneRecords", () => {
  it("takes out, by anyone, what has no consent any more", async () => {
    const world = await loadFixture(onSale);
    const registry = world.datasetRegistry.connect(world.relayer);
    expect(await prunableRecords(world, 1)).to.deep.equal([]);
    await revokeConsent(world.consentRegistry.connect(world.patient[0]), allRecords(), institution(1));
    const prunable = await prunableRecords(world, 1);
    expect(prunable.map(({ id }) => id)).to.deep.equal(world.ids.slice(0, 3));
    const [opened, ...others] = await pruneRecords(registry, 1, prunable);
    expect(opened).to.include({ version: 2, records: 1 });
    expect(others).to.deep.equal([]);
    expect((await datasetRecords(registry, 1, 2)).map(({ id }) => id)).to.deep.equal(world.ids.slice(3));
  });

  it("takes out what was superseded", async () => {
    const world = await loadFixture(onSale);
    const [id = ""] = world.ids;
    await registeredFor(world, world.patient[0], id);
    const prunable = await prunableRecords(world, 1);
    expect(prunable.map((record) => record.id)).to.deep.equal([id]);
    expect(await pruneRecords(world.datasetRegistry, 1, prunable)).to.have.length(1);
  });

  it("is refused while the consent holds, and does nothing for no records", async () => {
    const { datasetRegistry } = await loadFixture(onSale);
    await expectRefusal(
      pruneRecords(datasetRegistry, 1, await datasetRecords(datasetRegistry, 1, 1)),
      "ConsentStillValid",
    );
    expect(await pruneRecords(datasetRegistry, 1, [])).to.deep.equal([]);
  });
});
