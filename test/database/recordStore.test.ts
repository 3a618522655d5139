import { expect } from "chai";
import { openRecord, sectionsOf } from "../../database/recordStore.js";
import { LeafKind, verifyServedSection } from "../../src/records/index.js";
import { tinyBundle } from "../records/tinyBundle.js";
import { World } from "./world.js";

describe("a stored record", () => {
  let world: World;
  let record: string;

  before(async () => {
    world = await World.create();
    [record = ""] = await world.ingest(tinyBundle());
  });
  after(() => world.close());

  it("gives every form of every section with a proof that holds", async () => {
    const opened = await openRecord(world.database, record);
    for (const kind of [LeafKind.Full, LeafKind.Deidentified]) {
      const served = opened.serve(kind, opened.sections);
      expect(served.length).to.be.greaterThan(0);
      for (const section of served) verifyServedSection(section);
    }
    expect(opened.serve(LeafKind.Full, opened.sections)).to.have.length(6);
    expect(await sectionsOf(world.database, record)).to.deep.equal(opened.sections);
  });
});
