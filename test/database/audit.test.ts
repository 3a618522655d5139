import { randomBytes } from "node:crypto";
import { expect } from "chai";
import {
  AuditChainBroken,
  type AuditHead,
  appendAuditEvent,
  auditEvents,
  verifyAuditChain,
} from "../../database/audit.js";
import { auditEventOf } from "../../database/auditEvent.js";
import { type MedicalDatabase, openMedicalDatabase } from "../../database/medicalDatabase.js";
import type { Storage } from "../../database/storage/schema.js";
import { checkResource } from "../../src/records/index.js";
import { rejection } from "./world.js";

const session = { wallet: `0x${"11".repeat(20)}`, purpose: "TREAT", expiresAt: new Date() } as const;
const report = { interaction: "read", session, outcome: "granted", records: [`0x${"22".repeat(32)}`] } as const;

describe("the audit chain", () => {
  let database: MedicalDatabase;

  const append = (storage: Storage, day: number) =>
    storage.transaction().execute((transaction) => {
      return appendAuditEvent(transaction, auditEventOf(report, 1, new Date(day * 86_400_000)));
    });
  const broken = async (head?: AuditHead) => {
    const error = await rejection(verifyAuditChain(database.storage, head));
    return error instanceof AuditChainBroken ? error.sequence : undefined;
  };

  beforeEach(async () => {
    const organization = { system: "http://registry.example/org", value: "1" };
    database = await openMedicalDatabase({
      number: 1,
      name: "x",
      organization,
      file: ":memory:",
      kek: randomBytes(32),
    });
    for (let day = 1; day <= 5; day++) await append(database.storage, day);
  });
  afterEach(() => database.close());

  it("holds when nobody touched it, and its head moves with every event", async () => {
    const head = await verifyAuditChain(database.storage);
    expect(head.length).to.equal(5);
    await append(database.storage, 6);
    const next = await verifyAuditChain(database.storage, head);
    expect(next.length).to.equal(6);
    expect(next.hash).to.not.equal(head.hash);
  });

  it("is empty at first", async () => {
    await database.storage.deleteFrom("audit_events").execute();
    expect(await verifyAuditChain(database.storage)).to.deep.equal({ length: 0, hash: "00".repeat(32) });
  });

  it("keeps its order under simultaneous writers", async () => {
    await Promise.all(Array.from({ length: 20 }, (_, day) => append(database.storage, day)));
    expect((await verifyAuditChain(database.storage)).length).to.equal(25);
    expect(await auditEvents(database.storage, 24)).to.have.length(2);
  });

  it("breaks at any event that was changed, removed or moved", async () => {
    const { storage } = database;
    const rows = await storage.selectFrom("audit_events").selectAll().orderBy("sequence").execute();
    for (const row of rows.slice(0, -1)) {
      const { sequence } = row;
      const withRow = async (changed: Partial<typeof row> | undefined) => {
        await storage.deleteFrom("audit_events").where("sequence", "=", sequence).execute();
        if (changed)
          await storage
            .insertInto("audit_events")
            .values({ ...row, ...changed })
            .execute();
      };
      await withRow({ event: row.event.replace("TREAT", "ETREAT") });
      expect(await broken()).to.equal(sequence);
      await withRow({ hash: randomBytes(32) });
      expect(await broken()).to.equal(sequence);
      await withRow({ previous: randomBytes(32) });
      expect(await broken()).to.equal(sequence);
      await withRow(undefined);
      expect(await broken()).to.equal(sequence);
      await withRow({});
      expect((await verifyAuditChain(storage)).length).to.equal(5);
    }
  });

  it("tells by a head that was kept that the end was cut off, or everything written anew", async () => {
    const head = await verifyAuditChain(database.storage);
    await database.storage.deleteFrom("audit_events").where("sequence", "=", 5).execute();
    expect(await broken(head)).to.equal(5);
    await append(database.storage, 9);
    expect(await broken(head)).to.equal(5);
  });
});

describe("an AuditEvent", () => {
  it("is valid FHIR R4, granted, refused and failed, with records and without", () => {
    const refused = { ...report, outcome: "refused", reason: "NoConsent", details: { leaf: "full" } } as const;
    const failed = { ...report, interaction: "operation", outcome: "failed", reason: "SealBroken" } as const;
    const transaction = { ...report, interaction: "transaction", records: [] } as const;
    for (const one of [report, refused, failed, transaction]) {
      expect(checkResource(JSON.parse(JSON.stringify(auditEventOf(one, 1, new Date()))))).to.be.empty;
    }
  });
});
