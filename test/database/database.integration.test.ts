import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import type { HDNodeWallet } from "ethers";
import { sql } from "kysely";
import { RecordKey } from "../../database/envelope.js";
import {
  AuditChainBroken,
  auditEvents,
  type DatabaseReader,
  DatabaseRefused,
  fetchRequest,
  sendBundle,
  signWaiting,
  verifyAuditChain,
  waitingRequests,
} from "../../database/index.js";
import { grantConsent, revokeConsent } from "../../src/records/consent.js";
import { oneRecord, wallet } from "../../src/records/grant.js";
import { DataClass, LeafKind, SectionTampered } from "../../src/records/index.js";
import { type TermsRequest, termsOf } from "../../src/records/terms.js";
import { textOfBytes, tinyBundle, uuid, VISIT } from "../records/tinyBundle.js";
import { rejection, World } from "./world.js";

/** The paper's story on real HTTP, a real SQLite file and the real embedded chain; each step stands on the ones before it. */
describe("the medical database", () => {
  let world: World;
  let first: string;
  let second: string;
  let patient: HDNodeWallet;

  before(async () => {
    world = await World.create();
  });
  after(() => world.close());

  const grant = async (terms: Pick<TermsRequest, "purposes" | "dataClasses">) => {
    const until = new Date(Date.now() + 7 * 86_400_000);
    const recipient = wallet(await world.chain.researcher.getAddress());
    const registry = world.chain.consentRegistry.connect(patient);
    await grantConsent(registry, oneRecord(first), recipient, termsOf({ ...terms, until }));
  };
  const refusalOf = async (reading: Promise<unknown>) => {
    const error = await rejection(reading);
    expect(error).to.be.instanceOf(DatabaseRefused);
    return error instanceof DatabaseRefused ? { status: error.status, decision: error.decision } : undefined;
  };
  const tamper = (change: (file: DatabaseSync) => void) => {
    const file = new DatabaseSync(world.file);
    change(file);
    file.close();
  };

  it("makes a record of each encounter that waits for its signatures", async () => {
    const ids = await world.ingest(tinyBundle());
    expect(ids).to.have.length(2);
    [first = "", second = ""] = ids;
    patient = await world.patientOf(first);
    await world.chain.fund(patient);
    const doctor = await world.session(world.chain.doctor);
    expect((await waitingRequests(doctor)).map(({ id, state }) => [id, state])).to.have.deep.members([
      [first, "pending"],
      [second, "pending"],
    ]);
    expect((await waitingRequests(await world.session(patient))).map(({ id }) => id)).to.deep.equal([first]);
    expect(await waitingRequests(await world.session(world.chain.researcher))).to.deep.equal([]);
    expect(await waitingRequests(await world.session(world.chain.hospital))).to.deep.equal([]);
  });

  it("changes nothing when the same bundle comes again", async () => {
    const session = await world.session(world.chain.hospital);
    const again = await sendBundle(session, Uint8Array.from(tinyBundle()));
    expect(again.encounters).to.deep.equal([
      { fate: "unchanged", recordId: first },
      { fate: "unchanged", recordId: second },
    ]);
    const { storage } = world.database;
    expect(await storage.selectFrom("records").select("record_id").execute()).to.have.length(2);
    expect(await storage.selectFrom("signing_requests").select("record_id").execute()).to.have.length(2);
  });

  it("serves nobody before the chain knows the record, not even the patient", async () => {
    const reader = await world.reader(patient, "PATRQT");
    expect(await refusalOf(reader.readRecord(first))).to.deep.equal({ status: 404, decision: "RecordUnknown" });
  });

  it("hands the signed request to the institution, which registers it", async () => {
    await world.register(first);
    expect((await world.chain.recordRegistry.describe(first)).patient).to.equal(patient.address);
    expect(await waitingRequests(await world.session(world.chain.hospital))).to.deep.equal([]);
    expect(await waitingRequests(await world.session(patient))).to.deep.equal([]);
  });

  it("serves the patient and the treating doctor the whole record, byte for byte", async () => {
    for (const reader of [await world.reader(patient, "PATRQT"), await world.reader(world.chain.doctor)]) {
      const record = await reader.readRecord(first);
      expect(record.sections.map(({ path }) => path)).to.deep.equal([
        "Encounter/s0",
        "Condition/s1",
        "Observation/s2",
        "Patient/s3",
        "Practitioner/s4",
        "Organization/s5",
      ]);
      expect(record.subset).to.equal(false);
      const observation = record.sections.find(({ path }) => path === "Observation/s2");
      expect(textOfBytes(observation?.bytes ?? new Uint8Array())).to.include('"valueQuantity":{"value": 1.50 ,"unit"');
      const section = await reader.readSection("Observation", uuid(12));
      expect(section.bytes).to.deep.equal(observation?.bytes);
    }
  });

  it("serves people only with the record that they are asked for in", async () => {
    const reader = await world.reader(patient, "PATRQT");
    const { sections } = await reader.readRecord(first);
    const copy = sections.find(({ path }) => path === "Patient/s3");
    const id = String(copy?.resource.id);
    expect((await refusalOf(reader.readSection("Patient", id)))?.status).to.equal(404);
    expect((await reader.readSection("Patient", id, { recordId: first })).bytes).to.deep.equal(copy?.bytes);
  });

  it("refuses a certified stranger, and says why", async () => {
    const reader = await world.reader(world.chain.researcher, "HRESCH");
    expect(await refusalOf(reader.readRecord(first))).to.deep.equal({ status: 403, decision: "NoConsent" });
    expect(await refusalOf(reader.readSection("Encounter", VISIT))).to.deep.equal({
      status: 403,
      decision: "NoConsent",
    });
  });

  it("serves exactly the classes that were granted, each with its proof", async () => {
    await grant({ purposes: ["TREAT"], dataClasses: [DataClass.Conditions, DataClass.VitalSigns] });
    const reader = await world.reader(world.chain.researcher, "TREAT");
    const record = await reader.readRecord(first);
    expect(record.sections.map(({ path }) => path)).to.deep.equal(["Condition/s1", "Observation/s2"]);
    expect(record.subset).to.equal(true);
    expect(await refusalOf(reader.readSection("Encounter", VISIT))).to.deep.equal({
      status: 403,
      decision: "DataClassNotCovered",
    });
    const forResearch = await world.reader(world.chain.researcher, "HRESCH");
    expect(await refusalOf(forResearch.readRecord(first))).to.deep.equal({
      status: 403,
      decision: "PurposeNotCovered",
    });
  });

  it("serves research the de-identified form only", async () => {
    await grant({ purposes: ["HRESCH"], dataClasses: "all" });
    const reader = await world.reader(world.chain.researcher, "HRESCH");
    const { sections } = await reader.readRecord(first);
    expect(sections.every(({ kind }) => kind === LeafKind.Deidentified)).to.equal(true);
    expect(sections.map(({ path }) => path)).to.include.members(["Encounter/s0", "Condition/s1", "Observation/s2"]);
    const text = sections.map(({ bytes }) => textOfBytes(bytes)).join();
    for (const name of ["Quimbleton", "Drumhelm", "FERNHOLLOW", "MRN-7734-21", "2011-12-23"]) {
      expect(text).to.not.include(name);
    }
    expect((await refusalOf(reader.readRecord(first, { leaf: "full" })))?.status).to.equal(403);
  });

  it("refuses from the block of the revocation on", async () => {
    await grant({ purposes: ["TREAT"], dataClasses: "all" });
    const reader = await world.reader(world.chain.researcher, "TREAT");
    await reader.readRecord(first);
    const recipient = wallet(await world.chain.researcher.getAddress());
    await revokeConsent(world.chain.consentRegistry.connect(patient), oneRecord(first), recipient);
    expect(await refusalOf(reader.readRecord(first))).to.deep.equal({ status: 403, decision: "ConsentRevoked" });
  });

  it("tells a holder whose certificate was suspended nothing, whether the record exists or not", async () => {
    const reader = await world.reader(world.chain.researcher, "TREAT");
    const { accountCenter, registrar, researcher } = world.chain;
    await accountCenter.connect(registrar).suspend(researcher, 6);
    const suspended = { status: 403, decision: "RequesterSuspended" };
    expect(await refusalOf(reader.readRecord(first))).to.deep.equal(suspended);
    expect(await refusalOf(reader.readRecord(`0x${"00".repeat(32)}`))).to.deep.equal(suspended);
    expect(await refusalOf(reader.readSection("Encounter", VISIT))).to.deep.equal(suspended);
    expect(await refusalOf(reader.readSection("Encounter", "nothing"))).to.deep.equal(suspended);
    await accountCenter.connect(registrar).reinstate(researcher);
  });

  it("keeps everything over a restart", async () => {
    await world.start();
    const reader: DatabaseReader = await world.reader(patient, "PATRQT");
    expect((await reader.readRecord(first)).sections).to.have.length(6);
    const doctor = await world.session(world.chain.doctor);
    expect((await waitingRequests(doctor)).map(({ id }) => id)).to.deep.equal([second]);
  });

  it("has no name, identifier or FHIR id in its file", async () => {
    await sql`PRAGMA wal_checkpoint(FULL)`.execute(world.database.storage);
    const bytes = Buffer.concat([readFileSync(world.file), readFileSync(`${world.file}-wal`)]);
    for (const secret of ["Quimbleton", "Zelphira", "Drumhelm", "MRN-7734-21", "9912345", "ORG-55-ALPHA", VISIT]) {
      expect(bytes.includes(secret), secret).to.equal(false);
    }
  });

  it("lets the audit chain tell of every access, and notices a changed event", async () => {
    const { storage } = world.database;
    const head = await verifyAuditChain(storage);
    const events = await auditEvents(storage);
    expect(head.length).to.equal(events.length);
    const reasons = events.map(({ outcomeDesc }) => outcomeDesc);
    expect(reasons).to.include.members(["NoConsent", "DataClassNotCovered", "ConsentRevoked", "RequesterSuspended"]);
    const refused = reasons.indexOf("NoConsent") + 1;
    const swap = (from: string, to: string) =>
      tamper((file) => {
        const update = file.prepare("UPDATE audit_events SET event = replace(event, ?, ?) WHERE sequence = ?");
        update.run(`"outcome":"${from}"`, `"outcome":"${to}"`, refused);
      });
    swap("4", "0");
    const error = await rejection(verifyAuditChain(storage));
    expect(error).to.be.instanceOf(AuditChainBroken).with.property("sequence", refused);
    swap("0", "4");
    expect(await verifyAuditChain(storage, head)).to.deep.equal(head);
    tamper((file) => file.exec(`DELETE FROM audit_events WHERE sequence = ${head.length}`));
    await verifyAuditChain(storage);
    expect(await rejection(verifyAuditChain(storage, head))).to.be.instanceOf(AuditChainBroken);
  });

  it("fails rather than serve a section whose ciphertext was changed", async () => {
    const reader = await world.reader(patient, "PATRQT");
    const leaf = `record_id = '${first}' AND position = 1 AND kind = 0`;
    const select = `SELECT sealed FROM leaves WHERE ${leaf}`;
    tamper((file) => {
      const sealed = Buffer.from(file.prepare(select).get()?.sealed as Uint8Array);
      sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
      file.prepare(`UPDATE leaves SET sealed = ? WHERE ${leaf}`).run(sealed);
    });
    expect((await refusalOf(reader.readRecord(first)))?.status).to.equal(500);
    const [last] = (await auditEvents(world.database.storage)).slice(-1);
    expect(last?.outcome).to.equal("8");
  });

  it("cannot deceive a reader: content re-sealed with the right key is noticed, by the proof alone", async () => {
    const { storage, keyring } = world.database;
    const key = await storage
      .selectFrom("data_keys")
      .selectAll()
      .where("record_id", "=", first)
      .executeTakeFirstOrThrow();
    const recordKey = await RecordKey.open(first, key.wrapped, keyring);
    const forged = Buffer.from(`{"resourceType":"Condition","id":"${uuid(11)}","code":{"text":"Perfect health"}}`);
    const sealed = recordKey.sealLeaf("Condition/s1", LeafKind.Full, { salt: `0x${"11".repeat(32)}`, bytes: forged });
    const row = storage.updateTable("leaves").set({ sealed }).where("record_id", "=", first);
    await row.where("position", "=", 1).where("kind", "=", LeafKind.Full).execute();
    const reader = await world.reader(patient, "PATRQT");
    const error = await rejection(reader.readRecord(first));
    expect(error).to.be.instanceOf(SectionTampered).with.property("path", "Condition/s1");
    expect(await rejection(reader.readSection("Condition", uuid(11)))).to.be.instanceOf(SectionTampered);
    const credulous = await world.reader(patient, "PATRQT", () => undefined);
    expect((await credulous.readSection("Condition", uuid(11))).resource.code).to.deep.equal({
      text: "Perfect health",
    });
  });

  it("lets a patient refuse to sign what the institution changed on the way", async () => {
    const other = await world.patientOf(second);
    const session = await world.session(other, "PATRQT");
    const request = await fetchRequest(session, second);
    expect(request.header.patient).to.equal(other.address);
    const root = { sections_root: `0x${"22".repeat(32)}` };
    const record = world.database.storage.updateTable("records").where("record_id", "=", second);
    await record.set(root).execute();
    const error = await rejection(signWaiting(session, second, other));
    expect(error).to.have.property("name", "SigningRequestInvalid");
    await record.set({ sections_root: request.sectionsRoot }).execute();
  });
});
