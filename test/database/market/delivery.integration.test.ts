import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { BrowserProvider, ZeroHash } from "ethers";
import { RecordKey } from "../../../database/envelope.js";
import {
  auditEvents,
  DatabaseRefused,
  DeliveryFaulty,
  DeliveryLate,
  drawnRecords,
  findDoubleSharing,
  NotAMedicalDatabase,
  NothingToDeliver,
  OrderUndeliverable,
  PlacementUnknown,
  reasonHashOf,
  SealBroken,
  shredRecord,
  skippedRecords,
  verifyAuditChain,
  verifyRecordBundle,
} from "../../../database/index.js";
import { beginDelivery, completeDelivery, keepDelivered } from "../../../database/market/deliveryStore.js";
import { exportBundle } from "../../../database/market/exportBundle.js";
import { recordBundle } from "../../../database/recordBundle.js";
import { openRecord } from "../../../database/recordStore.js";
import type { DeliveredRecordTable } from "../../../database/storage/schema.js";
import { newDeliveryKeyPair } from "../../../src/market/hpke.js";
import { buildManifest, manifestLeafHash } from "../../../src/market/manifest.js";
import { orderText, sealDelivery } from "../../../src/market/seal.js";
import { buildSectionTree, checkResource, findLeaks, LeafKind, readBundle } from "../../../src/records/index.js";
import { rejection } from "../world.js";
import { Imposter } from "./imposter.js";
import { MarketWorld } from "./marketWorld.js";

/** A sale on real HTTP, a real SQLite file and the real embedded chain. */
describe("the delivery of an order", () => {
  const VISITS = 6;
  let sale: MarketWorld;

  before(async () => {
    sale = await MarketWorld.create(VISITS);
  });
  after(() => sale.close());
  afterEach(async () => {
    // Whatever becomes of it, a buyer leaves no request behind.
    expect(await sale.world.database.storage.selectFrom("exports").selectAll().execute()).to.be.empty;
  });

  const refusal = async (work: Promise<unknown>) => {
    const error = await rejection(work);
    expect(error).to.be.instanceOf(DatabaseRefused);
    return error instanceof DatabaseRefused ? [error.status, error.code] : [];
  };
  /** The records of an order, as anybody can draw them. */
  const draw = async (orderId: number) => {
    const { version } = await sale.market.orderOf(orderId);
    return [...(await drawnRecords(sale.market, { order: orderId, dataset: 1, version: Number(version) })).keys()];
  };
  /** What an order is called where its delivery is kept. */
  const placeOf = async (orderId: number) => {
    return { chainId: sale.world.chain.chainId, market: await sale.market.getAddress(), orderId };
  };
  /** What the provider's file has of an order: its preparations. No record of another may be left over. */
  const preparations = async (orderId: number) => {
    const { storage } = sale.world.database;
    const all = await storage.selectFrom("deliveries").selectAll().execute();
    const stored = await storage.selectFrom("delivered_records").select("attempt").distinct().execute();
    expect(all.map(({ attempt }) => attempt)).to.include.members(stored.map(({ attempt }) => attempt));
    const name = orderText(await placeOf(orderId));
    return all.filter(({ order_text }) => order_text === name);
  };
  const balanceOfBuyer = async () => sale.world.chain.medicalCoin.balanceOf(await sale.buyer.getAddress());

  /** All records, in the order in which the first order drew them. */
  let drawn: string[];

  describe("that goes well", () => {
    let orderId: number;

    it("is waited for while it is not prepared, and by the buyer alone", async () => {
      orderId = await sale.order(3);
      drawn = await draw(orderId);
      expect(drawn).to.have.length(VISITS);
      const late = await rejection(sale.collect(orderId));
      expect(late).to.be.instanceOf(DeliveryLate);
      for (const signer of [sale.world.chain.hospital, sale.world.chain.doctor]) {
        expect(await refusal(sale.collect(orderId, { signer }))).to.deep.equal([403, "forbidden"]);
      }
      expect(await refusal(sale.collect(99))).to.deep.equal([403, "forbidden"]);
    });

    it("replaces a record whose consent ended by the next of the draw", async () => {
      const [first = "", second = ""] = drawn;
      await sale.revoke(first);
      const [prepared, again] = await Promise.all([sale.prepare(orderId), sale.prepare(orderId)]);
      expect(prepared.leaves.map(({ recordId }) => recordId)).to.deep.equal(drawn.slice(1, 4));
      expect(prepared).to.include({ orderId, delivered: 3 });
      expect(prepared.manifestRoot).to.equal(buildManifest(prepared.leaves).root);
      expect(prepared.leaves[0]?.key).to.equal(await sale.keyOf(second));
      expect(again).to.deep.equal(prepared);
      await sale.world.start();
      expect(await sale.prepare(orderId)).to.deep.equal(prepared);
    });

    it("gives nothing away before it is on the chain, and is there for who waits, even if the login ends", async () => {
      expect(await rejection(sale.collect(orderId))).to.be.instanceOf(DeliveryLate);
      const waiting = sale.collect(orderId, { maxWait: 10_000 });
      await sleep(300);
      await sale.world.database.storage.deleteFrom("sessions").execute();
      await sale.deliver(await sale.prepare(orderId));
      expect((await waiting).records).to.have.length(3);
    });

    it("reaches the buyer, checked to the last byte, twice at once and with both suites", async () => {
      await sale.world.start();
      const pairs = [await newDeliveryKeyPair("X-Wing"), await newDeliveryKeyPair("X25519")];
      const [one, other] = await Promise.all(pairs.map((keyPair) => sale.collect(orderId, { keyPair })));
      expect(one?.records.map(({ id }) => id)).to.deep.equal(drawn.slice(1, 4));
      expect(one?.records.flatMap(({ sections }) => sections.map(({ kind }) => kind))).to.satisfy((kinds: number[]) =>
        kinds.every((kind) => kind === LeafKind.Deidentified),
      );
      expect(other?.plaintexts.map((bytes) => Buffer.from(bytes).toString())).to.deep.equal(
        one?.plaintexts.map((bytes) => Buffer.from(bytes).toString()),
      );
      expect(findDoubleSharing(one?.records ?? [])).to.be.empty;
      const skipped = await skippedRecords(sale.market, orderId, drawn.slice(1, 4));
      expect(skipped).to.deep.equal([{ recordId: drawn[0], consentWasOver: true }]);
    });

    it("says nothing of anybody", async () => {
      const { plaintexts, records } = await sale.collect(orderId);
      expect(findLeaks(readBundle(sale.bundle), plaintexts)).to.be.empty;
      for (const [index, bytes] of plaintexts.entries()) {
        const text = Buffer.from(bytes).toString();
        // Whoever keeps the Bundle can check it again without anything else.
        const again = await verifyRecordBundle(bytes, sale.world.chain.recordRegistry);
        expect(again).to.deep.equal(records[index]);
        const patient = await sale.world.patientOf(records[index]?.id ?? "");
        const { header } = await openRecord(sale.world.database, records[index]?.id ?? "");
        expect(text.toLowerCase()).to.not.include(patient.address.slice(2).toLowerCase());
        expect(text).to.not.include(header.salt);
        expect(text).to.not.match(/\d{4}-\d{2}|timestamp|recordedAt|doctor"|127\.0\.0\.1/);
        expect(checkResource(JSON.parse(text)).filter(({ severity }) => severity === "error")).to.be.empty;
      }
    });

    it("stands in the access log, order and records", async () => {
      const events = await auditEvents(sale.world.database.storage, 1, 10_000);
      const name = orderText(await placeOf(orderId));
      const about = events.filter((event) => JSON.stringify(event).includes(`"${name}"`));
      const reads = about.filter(({ action, outcome }) => action === "R" && outcome === "0");
      const values = reads.map(({ entity = [] }) => entity.map(({ what }) => what.identifier.value));
      expect(values[0]).to.deep.equal([name, ...drawn.slice(1, 4)]);
      expect(about.map(({ outcomeDesc }) => outcomeDesc)).to.include.members(["DeliveryNotReady", "NotTheBuyer"]);
      for (const event of reads) expect(checkResource(JSON.parse(JSON.stringify(event)))).to.be.empty;
      await verifyAuditChain(sale.world.database.storage);
    });

    it("is smaller when fewer records are left, and the rest is refunded", async () => {
      const rest = await sale.order(6);
      const before = await balanceOfBuyer();
      const prepared = await sale.prepare(rest);
      expect(prepared.delivered).to.equal(5);
      await sale.deliver(prepared);
      expect((await balanceOfBuyer()) - before).to.equal(100n);
      expect((await sale.collect(rest)).records).to.have.length(5);
    });
  });

  describe("at the wrong place or time", () => {
    it("is prepared only for an order that waits for it", async () => {
      const error = await rejection(sale.prepare(99));
      expect(error).to.be.instanceOf(OrderUndeliverable).with.property("message").that.includes("no such order");
      const refunded = await sale.order(1);
      await sale.prepare(refunded);
      await sale.market.connect(sale.world.chain.hospital).refund(refunded);
      const late = await rejection(sale.prepare(refunded));
      expect(late).to.be.instanceOf(OrderUndeliverable).with.property("message").that.includes("refunded");
      expect(await refusal(sale.collect(refunded))).to.deep.equal([409, "business-rule"]);
      expect(await preparations(refunded)).to.be.empty;
    });

    it("is not drawn at a node that has not kept the order's events", async () => {
      const orderId = await sale.order(1);
      const { provider } = sale.world.chain.connection;
      const node = new BrowserProvider({
        request: ({ method, params }) =>
          method === "eth_getLogs" ? Promise.resolve([]) : provider.request({ method, params: params ?? [] }),
      });
      expect(await rejection(sale.prepare(orderId, node))).to.be.instanceOf(PlacementUnknown);
      expect((await sale.prepare(orderId)).delivered).to.equal(1);
      expect(await preparations(orderId)).to.have.length(1);
    });

    it("leaves nothing of a preparation that broke off before", async () => {
      const { storage } = sale.world.database;
      const orderId = await sale.order(2);
      const [, second = ""] = (await draw(orderId)).filter((id) => id !== drawn[0]);
      const leaves = await storage.selectFrom("leaves").selectAll().where("record_id", "=", second).execute();
      const damaged = storage.updateTable("leaves").set({ sealed: new Uint8Array(60) });
      await damaged.where("record_id", "=", second).execute();
      expect(await rejection(sale.prepare(orderId))).to.be.instanceOf(SealBroken);
      expect((await preparations(orderId)).map(({ manifest_root }) => manifest_root)).to.deep.equal([null]);
      await storage.deleteFrom("leaves").where("record_id", "=", second).execute();
      await storage.insertInto("leaves").values(leaves).execute();
      const { manifestRoot } = await sale.prepare(orderId);
      expect((await preparations(orderId)).map(({ manifest_root }) => manifest_root)).to.deep.equal([manifestRoot]);
    });

    it("is the one that was complete first where two services prepare it at once", async () => {
      const { storage } = sale.world.database;
      const orderId = await sale.order(1);
      const place = await placeOf(orderId);
      const late = await beginDelivery(storage, place, 1);
      const { manifestRoot, leaves } = await sale.prepare(orderId);
      const rows = await storage.selectFrom("delivered_records").selectAll().execute();
      const [row] = rows.filter(({ key_hash }) => key_hash === leaves[0]?.keyHash);
      if (row === undefined) throw new Error("There is no row.");
      await keepDelivered(storage, { ...row, attempt: late });
      const stored = await completeDelivery(storage, place, late, leaves, buildManifest(leaves));
      expect(stored).to.include({ manifestRoot, delivered: 1 });
      expect((await preparations(orderId)).map(({ attempt }) => attempt)).to.deep.equal([stored.attempt]);
    });

    it("is prepared anew when the market would not take it any more", async () => {
      const orderId = await sale.order(1);
      const old = await sale.prepare(orderId);
      await sale.world.travel(3_700_000);
      await sale.world.chain.connection.networkHelpers.mine();
      const fresh = await sale.prepare(orderId);
      expect(fresh.manifestRoot).to.not.equal(old.manifestRoot);
      expect(fresh.exportedAt).to.be.greaterThan(old.exportedAt);
      const market = sale.market.connect(sale.world.chain.hospital);
      await expect(market.deliver(orderId, old.manifestRoot, 1, old.exportedAt)).to.be.revertedWithCustomError(
        sale.market,
        "ExportTimeInvalid",
      );
      await sale.deliver(fresh);
      expect((await sale.collect(orderId)).leaves.map(({ leaf }) => leaf)).to.deep.equal(fresh.leaves);
    });

    it("is not handed out when the chain names another one", async () => {
      const orderId = await sale.order(1);
      await sale.deliver({ ...(await sale.prepare(orderId)), manifestRoot: ZeroHash.replace(/0$/, "1") });
      expect(await refusal(sale.collect(orderId))).to.deep.equal([409, "conflict"]);
    });
  });

  describe("of a dishonest or damaged provider", () => {
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
      const place = await placeOf(orderId);
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
      expect(await draw(await sale.order(1)))
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
      for (const id of drawn.slice(1)) await sale.revoke(id);
      expect(await rejection(sale.prepare(orderId))).to.be.instanceOf(NothingToDeliver);
      expect(await preparations(orderId)).to.be.empty;
    });
  });
});
