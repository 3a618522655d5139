import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { RecordShredded } from "../../database/envelope.js";
import { openRecord, sectionsOf, shredRecord } from "../../database/recordStore.js";
import { LeafKind, verifyServedSection } from "../../src/records/index.js";
import { tinyBundle } from "../records/tinyBundle.js";
import { rejection, World } from "./world.js";

describe("a stored record", () => {
  let world: World;
  let record: string;
  let other: string;

  before(async () => {
    world = await World.create();
    [record = "", other = ""] = await world.ingest(tinyBundle());
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

  it("is unreadable once its key is shredded, of which no copy is left in the files; other records are not", async () => {
    const { storage } = world.database;
    const row = storage.selectFrom("data_keys").select("wrapped").where("record_id", "=", record);
    const { wrapped } = await row.executeTakeFirstOrThrow();
    const files = () =>
      [world.file, `${world.file}-wal`]
        .filter(existsSync)
        .some((file) => readFileSync(file).includes(Buffer.from(wrapped)));
    expect(files()).to.equal(true);
    await shredRecord(world.database, record);
    expect(files()).to.equal(false);
    expect(await rejection(openRecord(world.database, record))).to.be.instanceOf(RecordShredded);
    expect((await openRecord(world.database, other)).sections).to.have.length.greaterThan(0);
  });
});
