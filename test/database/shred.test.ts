import { existsSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import { RecordShredded } from "../../database/envelope.js";
import { auditEvents, verifyAuditChain, waitingRequests } from "../../database/index.js";
import { openRecord } from "../../database/recordStore.js";
import { RecordNotStored, ShreddingIncomplete, shredRecord } from "../../database/shred.js";
import { checkResource } from "../../src/records/index.js";
import { tinyBundle } from "../records/tinyBundle.js";
import { rejection, World } from "./world.js";

describe("a shredded record", () => {
  let world: World;
  let record: string;
  let other: string;

  beforeEach(async () => {
    world = await World.create();
    [record = "", other = ""] = await world.ingest(tinyBundle());
  });
  afterEach(() => world.close());

  const wrappedKey = async () => {
    const row = world.database.storage.selectFrom("data_keys").select("wrapped").where("record_id", "=", record);
    return Buffer.from((await row.executeTakeFirstOrThrow()).wrapped);
  };
  const isInFiles = (key: Uint8Array) =>
    [world.file, `${world.file}-wal`].filter(existsSync).some((file) => readFileSync(file).includes(Buffer.from(key)));
  const shreddings = async () =>
    (await auditEvents(world.database.storage)).filter(({ subtype: [{ code }] }) => code === "delete");

  it("is unreadable, and no copy of its key is left in the files; other records are readable", async () => {
    const key = await wrappedKey();
    expect(isInFiles(key)).to.equal(true);
    await shredRecord(world.database, record);
    expect(isInFiles(key)).to.equal(false);
    expect(await rejection(openRecord(world.database, record))).to.be.instanceOf(RecordShredded);
    expect((await openRecord(world.database, other)).sections).to.have.length.greaterThan(0);
  });

  it("is not reported as shredded while a reader keeps its key in the file, and is when it is shredded again", async () => {
    const key = await wrappedKey();
    const reader = new DatabaseSync(world.file);
    reader.exec("BEGIN; SELECT count(*) FROM data_keys");
    expect(await rejection(shredRecord(world.database, record))).to.be.instanceOf(ShreddingIncomplete);
    expect(isInFiles(key)).to.equal(true);
    expect(await rejection(openRecord(world.database, record))).to.be.instanceOf(RecordShredded);
    reader.close();
    await shredRecord(world.database, record);
    expect(isInFiles(key)).to.equal(false);
    expect(await shreddings()).to.have.length(1);
  });

  it("is told of in the access log, once, as an event that names the institution alone", async () => {
    const now = new Date("2026-03-01T10:00:00Z");
    for (let time = 0; time < 2; time++) await shredRecord(world.database, record, now);
    const [event, another] = await shreddings();
    expect(another).to.equal(undefined);
    expect(event).to.include({ action: "D", outcome: "0", recorded: now.toISOString() });
    expect(JSON.stringify(event)).to.include(record);
    expect(JSON.stringify(event?.agent)).to.include("urn:healthchain:institution");
    expect(checkResource(JSON.parse(JSON.stringify(event)))).to.be.empty;
    expect((await verifyAuditChain(world.database.storage)).length).to.equal(
      (await auditEvents(world.database.storage)).length,
    );
  });

  it("waits for nobody's signature, and does not come back with its bundle", async () => {
    await shredRecord(world.database, record);
    const doctor = await world.session(world.chain.doctor);
    expect((await waitingRequests(doctor)).map(({ id }) => id)).to.deep.equal([other]);
    expect(await world.ingest(tinyBundle())).to.deep.equal([record, other]);
    expect(await rejection(openRecord(world.database, record))).to.be.instanceOf(RecordShredded);
  });

  it("has to be one that is stored", async () => {
    expect(await rejection(shredRecord(world.database, `0x${"ab".repeat(32)}`))).to.be.instanceOf(RecordNotStored);
    expect(await shreddings()).to.deep.equal([]);
  });
});
