import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { BrowserProvider, ZeroHash } from "ethers";
import {
  auditEvents,
  DatabaseRefused,
  DeliveryLate,
  findDoubleSharing,
  OrderUndeliverable,
  PlacementUnknown,
  SealBroken,
  skippedRecords,
  verifyAuditChain,
  verifyRecordBundle,
} from "../../../database/index.js";
import { beginDelivery, completeDelivery, keepDelivered } from "../../../database/market/deliveryStore.js";
import { openRecord } from "../../../database/recordStore.js";
import { newDeliveryKeyPair } from "../../../src/market/hpke.js";
import { buildManifest } from "../../../src/market/manifest.js";
import { orderText } from "../../../src/market/seal.js";
import { checkResource, findLeaks, LeafKind, readBundle } from "../../../src/records/index.js";
import { rejection } from "../world.js";
import { MarketWorld } from "./marketWorld.js";

/** A sale on real HTTP, a real SQLite file and the real embedded chain. */
describe("the delivery of an order", () => {
  const VISITS = 6;
  let sale: MarketWorld;

  before(async () => {
    sale = await MarketWorld.create(VISITS);
  });
  after(() => sale.close());
  afterEach(() => sale.requireNoExports());

  const refusal = async (work: Promise<unknown>) => {
    const error = await rejection(work);
    expect(error).to.be.instanceOf(DatabaseRefused);
    return error instanceof DatabaseRefused ? [error.status, error.code] : [];
  };
  const balanceOfBuyer = async () => sale.world.chain.medicalCoin.balanceOf(await sale.buyer.getAddress());

  /** All records, in the order in which the first order drew them. */
  let drawn: string[];

  describe("that goes well", () => {
    let orderId: number;

    it("is waited for while it is not prepared, and by the buyer alone", async () => {
      orderId = await sale.order(3);
      drawn = await sale.draw(orderId);
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
      const name = orderText(await sale.placeOf(orderId));
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
      expect(await sale.preparations(refunded)).to.be.empty;
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
      expect(await sale.preparations(orderId)).to.have.length(1);
    });

    it("leaves nothing of a preparation that broke off before", async () => {
      const { storage } = sale.world.database;
      const orderId = await sale.order(2);
      const [, second = ""] = (await sale.draw(orderId)).filter((id) => id !== drawn[0]);
      const leaves = await storage.selectFrom("leaves").selectAll().where("record_id", "=", second).execute();
      const damaged = storage.updateTable("leaves").set({ sealed: new Uint8Array(60) });
      await damaged.where("record_id", "=", second).execute();
      expect(await rejection(sale.prepare(orderId))).to.be.instanceOf(SealBroken);
      expect((await sale.preparations(orderId)).map(({ manifest_root }) => manifest_root)).to.deep.equal([null]);
      await storage.deleteFrom("leaves").where("record_id", "=", second).execute();
      await storage.insertInto("leaves").values(leaves).execute();
      const { manifestRoot } = await sale.prepare(orderId);
      expect((await sale.preparations(orderId)).map(({ manifest_root }) => manifest_root)).to.deep.equal([
        manifestRoot,
      ]);
    });

    it("is the one that was complete first where two services prepare it at once", async () => {
      const { storage } = sale.world.database;
      const orderId = await sale.order(1);
      const place = await sale.placeOf(orderId);
      const late = await beginDelivery(storage, place, 1);
      const { manifestRoot, leaves } = await sale.prepare(orderId);
      const rows = await storage.selectFrom("delivered_records").selectAll().execute();
      const [row] = rows.filter(({ key_hash }) => key_hash === leaves[0]?.keyHash);
      if (row === undefined) throw new Error("There is no row.");
      await keepDelivered(storage, { ...row, attempt: late });
      const stored = await completeDelivery(storage, place, late, leaves, buildManifest(leaves));
      expect(stored).to.include({ manifestRoot, delivered: 1 });
      expect((await sale.preparations(orderId)).map(({ attempt }) => attempt)).to.deep.equal([stored.attempt]);
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
});
