import { expect } from "chai";
import { ZeroHash } from "ethers";
import { RecordKey } from "../../../database/envelope.js";
import {
  DeliveryFaulty,
  drawnRecords,
  NotAMedicalDatabase,
  NothingToDeliver,
  PlacementUnknown,
  reasonHashOf,
  shredRecord,
  skippedRecords,
} from "../../../database/index.js";
import { exportBundle } from "../../../database/market/exportBundle.js";
import { recordBundle } from "../../../database/recordBundle.js";
import { openRecord } from "../../../database/recordStore.js";
import type { DeliveredRecordTable } from "../../../database/storage/schema.js";
import { manifestLeafHash } from "../../../src/market/manifest.js";
import { orderText, sealDelivery } from "../../../src/market/seal.js";
import { buildSectionTree, LeafKind } from "../../../src/records/index.js";
import { rejection } from "../world.js";
import { Imposter } from "./imposter.js";
import { MarketWorld } from "./marketWorld.js";

/** A sale on real HTTP, a real SQLite file and the real embedded chain, by a provider whose file was changed behind its back or on purpose. */
describe("the delivery of a dishonest or damaged provider", () => {
  const VISITS = 6;
  let sale: MarketWorld;
  /** All records, in the order in which the first order drew them. */
  let drawn: string[];

  before(async () => {
    sale = await MarketWorld.create(VISITS);
    drawn = await sale.draw(await sale.order(VISITS));
  });
  after(() => sale.close());
  afterEach(() => sale.requireNoExports());

  const fault = async (orderId: number) => {
    const error = await rejection(sale.collect(orderId));
    if (!(error instanceof DeliveryFaulty)) throw error;
    expect(reasonHashOf(error.evidence)).to.match(/^0x[0-9a-f]{64}$/);
    return error;
  };
  /** Lets the provider store and deliver other rows than those that were prepared. */
  const forge = async (
    amount: number,
    change: (rows: DeliveredRecordTable[], orderId: number) => Promise<unknown> | unknown,
  ) => {
    const { storage } = sale.world.database;
    const prepared = await sale.prepare(await sale.order(amount));
    const chosen = storage
      .selectFrom("deliveries")
      .select("attempt")
      .where("manifest_root", "=", prepared.manifestRoot);
    const { attempt } = await chosen.executeTakeFirstOrThrow();
    const rows = await storage.selectFrom("delivered_records").selectAll().where("attempt", "=", attempt).execute();
    await change(rows, prepared.orderId);
    const hashes = rows.map((row) => hashOf(row));
    const tree = buildSectionTree(hashes);
    await storage.deleteFrom("delivered_records").where("attempt", "=", attempt).execute();
    for (const [position, row] of rows.entries()) {
      const proof = JSON.stringify(tree.proof(hashes[position] ?? ""));
      await storage
        .insertInto("delivered_records")
        .values({ ...row, position, proof })
        .execute();
    }
    const changed = { manifest_root: tree.root, delivered: rows.length };
    await storage.updateTable("deliveries").set(changed).where("attempt", "=", attempt).execute();
    await sale.deliver({ ...prepared, manifestRoot: tree.root, delivered: rows.length });
    return prepared.orderId;
  };
  const hashOf = ({ record_id, grant_key, ciphertext_hash, key_hash }: DeliveredRecordTable) =>
    manifestLeafHash({ recordId: record_id, key: grant_key, ciphertextHash: ciphertext_hash, keyHash: key_hash });
  /** Seals other content for the first row, with all hashes right. */
  const reseal = async (
    rows: DeliveredRecordTable[],
    orderId: number,
    content: (id: string) => Promise<Uint8Array>,
    sealedFor = orderId,
  ) => {
    const [row] = rows;
    if (row === undefined) throw new Error("There is no row.");
    const { database } = sale.world;
    const place = await sale.placeOf(orderId);
    const recordId = row.record_id;
    const sealed = sealDelivery(await content(recordId), { ...place, orderId: sealedFor, recordId });
    const { wrapped } = await database.storage
      .selectFrom("data_keys")
      .selectAll()
      .where("record_id", "=", recordId)
      .executeTakeFirstOrThrow();
    const key = await RecordKey.open(recordId, wrapped, database.keyring);
    row.ciphertext = sealed.ciphertext;
    row.ciphertext_hash = sealed.ciphertextHash;
    row.key_hash = sealed.keyHash;
    row.sealed_key = key.sealContentKey(orderText(place), sealed.contentKey);
  };

  it("is refuted where a key is of no consent, and the market agrees", async () => {
    const orderId = await forge(2, ([row]) => {
      if (row !== undefined) row.grant_key = `0x${"12".repeat(32)}`;
    });
    const { fault: found, evidence } = await fault(orderId);
    expect(found).to.equal("no-consent");
    const { leaf, proof } = evidence;
    if (leaf === undefined || proof === undefined) throw new Error("There is no evidence.");
    await expect(sale.market.proveFraud(orderId, leaf, [...proof]))
      .to.emit(sale.market, "FraudProven")
      .withArgs(orderId, leaf.recordId);
  });

  it("is refuted where a record was not for sale", async () => {
    const outside = drawn[5] ?? "";
    await sale.datasets.connect(sale.world.chain.hospital).withdrawRecords(1, [outside]);
    const orderId = await forge(1, async (rows, id) => {
      const [row] = rows;
      if (row !== undefined) row.record_id = outside;
      await reseal(rows, id, async () => Buffer.from("{}"));
    });
    expect((await fault(orderId)).fault).to.equal("not-in-version");
    expect(await sale.draw(await sale.order(1)))
      .to.have.length(VISITS - 1)
      .and.not.include(outside);
  });

  it("shows which records it passed over without a reason", async () => {
    const orderId = await forge(3, (rows) => rows.splice(1, 1));
    const { leaves } = await sale.collect(orderId);
    const delivered = leaves.map(({ leaf }) => leaf.recordId);
    expect(delivered).to.have.length(2);
    const skipped = await skippedRecords(sale.market, orderId, delivered);
    expect(skipped.filter(({ consentWasOver }) => !consentWasOver)).to.have.length(1);
    const unknown = await rejection(drawnRecords(sale.market, { order: 999, dataset: 1, version: 1 }));
    expect(unknown).to.be.instanceOf(PlacementUnknown);
  });

  it("is refuted where a record is in it twice, or one is missing", async () => {
    const twice = await forge(2, (rows) => {
      const [first, second] = rows;
      if (first !== undefined && second !== undefined) Object.assign(second, { ...first, ciphertext_hash: ZeroHash });
    });
    expect((await fault(twice)).fault).to.equal("twice");
    const few = await sale.sell(2);
    const { storage } = sale.world.database;
    const chosen = storage.selectFrom("deliveries").select("attempt").where("manifest_root", "=", few.manifestRoot);
    await storage.updateTable("deliveries").set({ delivered: 1 }).where("attempt", "in", chosen).execute();
    expect((await fault(few.orderId)).fault).to.equal("count");
  });

  it("is refuted where the content is not what was signed, not de-identified, or cannot be read", async () => {
    const { database } = sale.world;
    const honest = async (id: string) => {
      const plaintext = exportBundle(await openRecord(database, id), 2 ** 24 - 1);
      return Buffer.from(plaintext ?? new Uint8Array());
    };
    const contents = [
      async (id: string) => Buffer.from((await honest(id)).toString().replace("finished", "planned ")),
      async (id: string) => {
        const record = await openRecord(database, id);
        const served = record.serve(LeafKind.Full, record.sections);
        return recordBundle({ record, served, fullUrls: served.map(({ path }) => `urn:x:${path}`), subset: false });
      },
      async () => Buffer.from("no bundle"),
      async () => Buffer.from('{"resourceType":"Bundle","type":"collection","meta":{}}'),
    ];
    for (const content of contents) {
      const orderId = await forge(1, (rows, id) => reseal(rows, id, content));
      expect((await fault(orderId)).fault).to.equal("content");
    }
    const elsewhere = await forge(1, (rows, id) => reseal(rows, id, honest, id + 1));
    expect((await fault(elsewhere)).fault).to.equal("undecryptable");
  });

  it("is refuted where ciphertext, key or proof are not those of the manifest", async () => {
    const { storage } = sale.world.database;
    const prepared = await sale.sell(1);
    const attempt = storage
      .selectFrom("deliveries")
      .select("attempt")
      .where("manifest_root", "=", prepared.manifestRoot);
    const tamper = async (values: Partial<DeliveredRecordTable>, expected: string) => {
      const row = await storage
        .selectFrom("delivered_records")
        .selectAll()
        .where("attempt", "in", attempt)
        .executeTakeFirstOrThrow();
      const set = (to: Partial<DeliveredRecordTable>) =>
        storage.updateTable("delivered_records").set(to).where("attempt", "=", row.attempt).execute();
      await set(values);
      expect((await fault(prepared.orderId)).fault).to.equal(expected);
      await set({ ciphertext: row.ciphertext, proof: row.proof, key_hash: row.key_hash });
    };
    await tamper({ ciphertext: Buffer.from("something else") }, "ciphertext");
    await tamper({ proof: JSON.stringify([ZeroHash]) }, "manifest");
    await tamper({ key_hash: ZeroHash }, "manifest");
    const wrong = await forge(1, ([row]) => {
      if (row !== undefined) row.key_hash = ZeroHash;
    });
    expect((await fault(wrong)).fault).to.equal("content-key");
  });

  it("is refused where the files are not what they should be, and the token goes nowhere else", async () => {
    const { orderId } = await sale.sell(2);
    const imposter = new Imposter();
    await sale.world.start({ publicUrl: await imposter.listen() });
    imposter.service = sale.world.service.url;
    const against = async (path: RegExp, change: (body: string) => string) => {
      imposter.change = (body, asked) => (path.test(asked) ? change(body) : body);
      return rejection(sale.collect(orderId, { url: imposter.url }));
    };
    const lines = (body: string) => body.trimEnd().split("\n");
    const faults = [
      [/Binary/, () => "no JSON", "unreadable"],
      [/Binary/, () => "[]", "unreadable"],
      [/Binary/, (body: string) => `${body}${body}`, "unreadable"],
      [/Binary/, (body: string) => lines(body)[0] ?? "", "ciphertext"],
      [/Parameters/, (body: string) => body.replaceAll("Parameters", "Basic"), "unreadable"],
      [/Parameters/, (body: string) => body.replaceAll("wrappedKey", "other"), "content-key"],
      [
        /Parameters/,
        (body: string) => body.replace(/"valueBase64Binary":"../, '"valueBase64Binary":"AA'),
        "content-key",
      ],
      [/Parameters/, () => "{}", "unreadable"],
    ] as const;
    for (const [path, change, expected] of faults) {
      const error = await against(path, change);
      expect(error).to.be.instanceOf(DeliveryFaulty).with.property("fault", expected);
    }
    const elsewhere = (body: string) => body.replaceAll(imposter.url, "http://127.0.0.1:9");
    expect(await against(/status/, elsewhere)).to.be.instanceOf(NotAMedicalDatabase);
    imposter.change = (body) => body;
    expect((await sale.collect(orderId, { url: imposter.url })).records).to.have.length(2);
    imposter.close();
    await sale.world.start();
  });

  it("has no key any more for a record that was shredded since, and the next delivery does without it", async () => {
    const { orderId, leaves } = await sale.sell(2);
    const shredded = leaves[0]?.recordId ?? "";
    await shredRecord(sale.world.database, shredded);
    const { fault: found, evidence } = await fault(orderId);
    expect([found, evidence.leaf?.recordId]).to.deep.equal(["content-key", shredded]);
    const next = await sale.prepare(await sale.order(2));
    expect(next.leaves.map(({ recordId }) => recordId)).to.not.include(shredded);
  });

  it("is impossible when no record is left", async () => {
    const orderId = await sale.order(1);
    for (const id of drawn) await sale.revoke(id);
    expect(await rejection(sale.prepare(orderId))).to.be.instanceOf(NothingToDeliver);
    expect(await sale.preparations(orderId)).to.be.empty;
  });
});
