import { randomBytes } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { linesOf } from "../../../database/client/exportDownload.js";
import { type MedicalDatabase, openMedicalDatabase } from "../../../database/index.js";
import {
  beginDelivery,
  completeDelivery,
  deliveredLeaves,
  discardDeliveries,
  findDelivery,
  keepDelivered,
} from "../../../database/market/deliveryStore.js";
import { binaryLines, exportFiles, idsOfFile, recordsOfFile } from "../../../database/market/exportFiles.js";
import { buildManifest, type ManifestLeaf } from "../../../src/market/manifest.js";
import { rejection } from "../world.js";

const ORDER = { chainId: 31_337n, market: `0x${"22".repeat(20)}`, orderId: 7 };
const wordOf = (value: number) => `0x${value.toString(16).padStart(64, "0")}`;

describe("stored deliveries", () => {
  let database: MedicalDatabase;

  beforeEach(async () => {
    const organization = { system: "http://registry.example/org", value: "1" };
    database = await openMedicalDatabase({
      ...{ number: 1, name: "Fernhollow General", organization },
      ...{ file: ":memory:", kek: randomBytes(32) },
    });
  });
  afterEach(() => database.close());

  /** Stores a preparation of `count` records. */
  const prepared = async (count: number, exportedAt = 1_000) => {
    const { storage } = database;
    const leaves: ManifestLeaf[] = [];
    const attempt = await beginDelivery(storage, ORDER, exportedAt);
    for (let position = 0; position < count; position++) {
      const record_id = wordOf(position + 1);
      await keepRecord(record_id);
      const hashes = { grant_key: wordOf(9), ciphertext_hash: wordOf(8), key_hash: wordOf(exportedAt) };
      const sealed = { ciphertext: Buffer.from(String(position)), sealed_key: new Uint8Array() };
      await keepDelivered(storage, { attempt, position, record_id, ...hashes, ...sealed });
      leaves.push({ recordId: record_id, key: wordOf(9), ciphertextHash: wordOf(8), keyHash: wordOf(exportedAt) });
    }
    return { attempt, leaves };
  };
  const keepRecord = async (record_id: string) => {
    const nobody = { chain_id: "1", registry: "0x", patient: "0x", doctor: 0, recorded_at: 0, data_class: 24 };
    const blobs = { encounter_index: new Uint8Array(), sealed_salt: new Uint8Array() };
    const content_index = Buffer.from(record_id);
    await database.storage
      .insertInto("records")
      .values({ record_id, content_index, sections_root: "0x", ...nobody, ...blobs })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  };

  it("count only when they are complete, and the first one that is stays", async () => {
    const { storage } = database;
    const slow = await prepared(3, 1_000);
    expect(await findDelivery(storage, ORDER)).to.equal(undefined);
    const fast = await prepared(2, 2_000);
    const manifest = buildManifest(fast.leaves);
    const stored = await completeDelivery(storage, ORDER, fast.attempt, fast.leaves, manifest);
    expect(stored).to.deep.equal({
      attempt: fast.attempt,
      manifestRoot: manifest.root,
      delivered: 2,
      exportedAt: 2_000,
    });
    const loser = await completeDelivery(storage, ORDER, slow.attempt, slow.leaves, buildManifest(slow.leaves));
    expect(loser).to.deep.equal(stored);
    expect(await deliveredLeaves(storage, slow.attempt)).to.be.empty;
    expect(await deliveredLeaves(storage, stored.attempt)).to.deep.equal(fast.leaves);
    expect(await findDelivery(storage, { ...ORDER, orderId: 8 })).to.equal(undefined);
    expect(await findDelivery(storage, { ...ORDER, chainId: 1n })).to.equal(undefined);
  });

  it("are discarded when they are too old, complete or not", async () => {
    const { storage } = database;
    const { attempt, leaves } = await prepared(2, 1_000);
    await completeDelivery(storage, ORDER, attempt, leaves, buildManifest(leaves));
    const broken = await prepared(1, 999);
    await discardDeliveries(storage, ORDER, 1_000);
    expect(await deliveredLeaves(storage, broken.attempt)).to.be.empty;
    expect(await findDelivery(storage, ORDER)).to.include({ attempt });
    await discardDeliveries(storage, ORDER, 1_001);
    expect(await findDelivery(storage, ORDER)).to.equal(undefined);
    expect(await storage.selectFrom("delivered_records").selectAll().execute()).to.be.empty;
  });

  it("come in files of 500 records, a few rows at a time", async () => {
    const { attempt } = await prepared(1_001);
    const files = exportFiles({ delivered: 1_001 });
    expect(files.map(({ type, number, count }) => `${type}-${number}: ${count}`)).to.deep.equal([
      ...["Binary-0: 500", "Parameters-0: 500", "Binary-1: 500", "Parameters-1: 500", "Binary-2: 1", "Parameters-2: 1"],
    ]);
    const ids: string[] = [];
    for (const file of files.filter(({ type }) => type === "Binary")) {
      const lines: string[] = [];
      for await (const line of binaryLines(recordsOfFile(database, { attempt }, file))) lines.push(line);
      const resources = lines.map((line) => JSON.parse(line) as { id: string; data: string });
      expect(lines.every((line) => line.indexOf("\n") === line.length - 1)).to.equal(true);
      expect(await idsOfFile(database, { attempt }, file)).to.deep.equal(resources.map(({ id }) => `0x${id}`));
      ids.push(...resources.map(({ data }) => Buffer.from(data, "base64").toString()));
    }
    expect(ids).to.deep.equal(Array.from({ length: 1_001 }, (_, position) => String(position)));
    expect(exportFiles({ delivered: 500 })).to.have.length(2);
  });
});

describe("the lines of a download", () => {
  async function* inChunks(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
    let at = 0;
    for (const size of sizes) {
      yield bytes.subarray(at, at + size);
      at += size;
    }
    yield bytes.subarray(at);
  }
  const collect = async (lines: AsyncIterable<string>) => {
    const all: string[] = [];
    for await (const line of lines) all.push(line);
    return all;
  };

  it("are the same however the bytes come", async () => {
    const line = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }).filter((text) => !text.includes("\n"));
    const sizes = fc.array(fc.nat(5), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 6 }), sizes, fc.boolean(), async (lines, chunks, ends) => {
        const text = lines.join("\n") + (ends ? "\n" : "");
        const found = linesOf(inChunks(Buffer.from(text), chunks), () => new Error("too long"));
        expect(await collect(found)).to.deep.equal(lines);
      }),
      { numRuns: 100 },
    );
  });

  it("have an end", async () => {
    const chunk = new Uint8Array(16 * 1024 * 1024).fill(0x20);
    const endless = async function* () {
      for (;;) yield chunk;
    };
    const error = await rejection(collect(linesOf(endless(), () => new Error("too long"))));
    expect(error).to.be.instanceOf(Error).with.property("message", "too long");
  });
});
