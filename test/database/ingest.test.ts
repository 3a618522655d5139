import { expect } from "chai";
import { Wallet, ZeroHash } from "ethers";
import {
  auditEvents,
  DatabaseRefused,
  fetchRequest,
  fetchSignedRequest,
  type SentBundle,
  sendBundle,
  shredRecord,
  signWaiting,
  verifyAuditChain,
  type WalletDirectory,
  WalletUnknown,
  waitingRequests,
} from "../../database/index.js";
import { Role } from "../../src/accounts/role.js";
import { registerBatch, registerRecord } from "../../src/records/register.js";
import { signBatch } from "../../src/records/signRecord.js";
import {
  bundleOf,
  condition,
  entry,
  people,
  textOfBytes,
  tinyBundle,
  urn,
  utf8,
  uuid,
  VISIT,
  visit,
} from "../records/tinyBundle.js";
import { rejection, World } from "./world.js";

const CLINIC = uuid(900);

/** The tiny bundle in which the later visit was at another clinic. */
function sharedBundle(): Uint8Array {
  const clinic = entry("Organization", CLINIC, {
    identifier: [{ system: "http://registry.example/org", value: "ORG-77-BETA" }],
    name: "Clinic",
  });
  const there = visit(uuid(901), "2016-01-01T09:00:00+00:00", { serviceProvider: { reference: urn(CLINIC) } });
  const nowhere = visit(uuid(902), "2017-01-01T09:00:00+00:00", { serviceProvider: undefined });
  return tinyBundle(clinic, there, condition(uuid(903), uuid(901)), nowhere);
}

describe("ingest", () => {
  let world: World;

  beforeEach(async () => {
    world = await World.create();
  });
  afterEach(() => world.close());

  const send = async (bundle: Uint8Array): Promise<SentBundle> =>
    sendBundle(await world.session(world.chain.hospital), Uint8Array.from(bundle));
  const fates = ({ encounters }: SentBundle) => encounters.map(({ fate }) => fate);
  const idOf = ({ encounters }: SentBundle, index = 0) => encounters[index]?.recordId ?? "";
  const supersedesOf = async (id: string) => {
    const { storage } = world.database;
    const row = storage.selectFrom("signing_requests").select("supersedes").where("record_id", "=", id);
    return (await row.executeTakeFirstOrThrow()).supersedes;
  };
  const changed = (text = "Appendectomy") =>
    utf8(textOfBytes(tinyBundle()).replace('"display":"Appendicitis"', `"display":"${text}"`));

  /** The account center's directory, after the doctor got this wallet. */
  const directoryOf = (wallet: string, number: number): WalletDirectory => ({
    patientWallet: (identifiers, key) => world.wallets.patientWallet(identifiers, key),
    doctorWallet: async () => ({ wallet, number }),
  });

  it("stores this institution's encounters only, and reports the others", async () => {
    const sent = await send(sharedBundle());
    expect(fates(sent)).to.deep.equal(["stored", "stored", "not-ours", "not-ours"]);
    expect([sent.stored, sent.notStored]).to.deep.equal([8, 3]);
    const { storage } = world.database;
    expect(await storage.selectFrom("records").select("record_id").execute()).to.have.length(2);
    // Patient, doctor and hospital; the clinic is none of the hospital's business.
    expect(await storage.selectFrom("directory").select("entry_index").execute()).to.have.length(3);
  });

  it("keeps one id for a doctor whom another bundle names by another urn", async () => {
    await send(tinyBundle());
    const text = textOfBytes(tinyBundle()).replaceAll("0b1e0000-0000-4000-8000", "0b1f0000-0000-4000-8000");
    const sent = await send(utf8(text));
    expect(fates(sent)).to.deep.equal(["stored", "stored"]);
    const { storage } = world.database;
    expect(await storage.selectFrom("directory").select("entry_index").execute()).to.have.length(3);
    const doctor = await world.session(world.chain.doctor);
    const { sections } = await fetchRequest(doctor, idOf(sent));
    const practitioner = sections.find(({ resourceType }) => resourceType === "Practitioner");
    expect(practitioner?.full.content).to.include('"id":"0b1e0000-0000-4000-8000-000000000002"');
  });

  it("stores a bundle that comes many times at once only once", async () => {
    const sent = await Promise.all(Array.from({ length: 4 }, () => send(tinyBundle())));
    expect(sent.map((one) => fates(one)[0]).sort()).to.deep.equal(["stored", "unchanged", "unchanged", "unchanged"]);
    expect(new Set(sent.map((one) => idOf(one)))).to.have.property("size", 1);
  });

  it("puts a changed encounter in the place of one that nobody registered", async () => {
    const before = idOf(await send(tinyBundle()));
    const sent = await send(changed());
    expect(fates(sent)).to.deep.equal(["stored", "unchanged"]);
    const doctor = await world.session(world.chain.doctor);
    const waiting = (await waitingRequests(doctor)).map(({ id }) => id);
    expect(waiting).to.include(idOf(sent)).and.not.include(before);
    expect(await supersedesOf(idOf(sent))).to.equal(ZeroHash);
  });

  it("amends an encounter that is registered, for the same wallet, and registers the amendment", async () => {
    const before = idOf(await send(tinyBundle()));
    await world.register(before);
    const patient = await world.patientOf(before);
    const after = idOf(await send(changed()));
    expect(await supersedesOf(after)).to.equal(before);
    expect((await world.patientOf(after)).address).to.equal(patient.address);
    await world.register(after);
    expect((await world.chain.recordRegistry.describe(before)).state).to.equal(4n);
    const reader = await world.reader(patient, "PATRQT");
    const condition = await reader.readSection("Condition", uuid(11), { recordId: after });
    expect(textOfBytes(condition.bytes)).to.include("Appendectomy");
    const error = await rejection(reader.readSection("Condition", uuid(11)));
    expect(error).to.be.instanceOf(DatabaseRefused).with.property("code", "multiple-matches");
  });

  it("does not amend old records because the patient moved house", async () => {
    await send(tinyBundle());
    const moved = textOfBytes(tinyBundle()).replace("12 Larkspur Crescent", "3 Willow Lane");
    expect(fates(await send(utf8(moved)))).to.deep.equal(["unchanged", "unchanged"]);
  });

  it("gives a record that was not signed in time new signing time, unless the chain knows it", async () => {
    const sent = await send(tinyBundle());
    await world.register(idOf(sent));
    await world.travel(40 * 86_400_000);
    expect(fates(await send(tinyBundle()))).to.deep.equal(["unchanged", "renewed"]);
    const [waiting] = await waitingRequests(await world.session(world.chain.doctor));
    expect(waiting).to.deep.equal({ id: idOf(sent, 1), state: "pending", signedBy: [] });
  });

  it("tells whoever reads the access log nothing about which records came together", async () => {
    const ids = (await send(tinyBundle())).encounters.flatMap(({ recordId }) => recordId ?? []);
    expect(ids).to.have.length(2);
    const log = JSON.stringify(await auditEvents(world.database.storage));
    expect(log).to.include('"code":"transaction"');
    for (const id of ids) expect(log).to.not.include(id);
    expect((await verifyAuditChain(world.database.storage)).length).to.be.greaterThan(0);
  });

  it("leaves nothing behind when one wallet is unknown, or the account center is down", async () => {
    for (const [status, failure] of [
      [422, new WalletUnknown("doctor")],
      [503, new Error("connection refused")],
    ] as const) {
      let calls = 0;
      const walletDirectory: WalletDirectory = {
        patientWallet: (identifiers, key) => world.wallets.patientWallet(identifiers, key),
        doctorWallet: async () => {
          if (++calls === 2) throw failure;
          return world.wallets.doctorWallet();
        },
      };
      await world.start({ walletDirectory });
      expect(await rejection(send(tinyBundle())))
        .to.be.instanceOf(DatabaseRefused)
        .with.property("status", status);
    }
    const { storage } = world.database;
    for (const table of ["records", "leaves", "directory", "signing_requests", "data_keys"] as const) {
      expect(await storage.selectFrom(table).selectAll().execute(), table).to.deep.equal([]);
    }
  });

  it("asks for the attending physician where an encounter names nobody", async () => {
    const asked: unknown[] = [];
    const walletDirectory: WalletDirectory = {
      patientWallet: (identifiers, key) => world.wallets.patientWallet(identifiers, key),
      doctorWallet: async (identifiers, institution) => {
        asked.push(
          identifiers?.map(({ value }) => value),
          institution,
        );
        return world.wallets.doctorWallet();
      },
    };
    await world.start({ walletDirectory });
    await send(bundleOf(...people(), visit(VISIT, "2011-12-23T12:00:00+00:00", { participant: undefined })));
    await send(bundleOf(...people(), visit(uuid(50), "2012-12-23T12:00:00+00:00")));
    expect(asked).to.deep.equal([undefined, 1, ["9912345"], 1]);
  });

  it("makes the request anew for a doctor's wallet that took the place of one that had not signed", async () => {
    const first = idOf(await send(tinyBundle()));
    const patient = await world.patientOf(first);
    await signWaiting(await world.session(patient, "PATRQT"), first, patient);
    const successor = Wallet.createRandom().connect(world.chain.connection.ethers.provider);
    await world.chain.certify(successor, Role.Doctor, 1);
    await world.start({ walletDirectory: directoryOf(successor.address, 3) });
    const sent = await send(tinyBundle());
    expect(fates(sent)).to.deep.equal(["stored", "stored"]);
    const record = idOf(sent);
    expect(record).to.not.equal(first);
    expect((await world.patientOf(record)).address).to.equal(patient.address);
    expect(await waitingRequests(await world.session(world.chain.doctor))).to.deep.equal([]);
    await signWaiting(await world.session(successor), record, successor);
    await signWaiting(await world.session(patient, "PATRQT"), record, patient);
    const signed = await fetchSignedRequest(await world.session(world.chain.hospital), record);
    await registerRecord(world.chain.recordRegistry.connect(world.chain.hospital), signed);
    expect((await world.chain.recordRegistry.describe(record)).doctor).to.equal(3n);
    expect(fates(await send(tinyBundle()))).to.deep.equal(["unchanged", "unchanged"]);
  });

  it("keeps what the doctor signed, unless that wallet was revoked since", async () => {
    const first = idOf(await send(tinyBundle()));
    const { doctor, accountCenter, registrar } = world.chain;
    await signWaiting(await world.session(doctor), first, doctor);
    const successor = Wallet.createRandom().connect(world.chain.connection.ethers.provider);
    await world.chain.certify(successor, Role.Doctor, 1);
    await world.start({ walletDirectory: directoryOf(successor.address, 3) });
    expect(fates(await send(tinyBundle()))).to.deep.equal(["unchanged", "stored"]);
    await accountCenter.connect(registrar).revoke(doctor, 1);
    const sent = await send(tinyBundle());
    expect(fates(sent)).to.deep.equal(["stored", "unchanged"]);
    expect(idOf(sent)).to.not.equal(first);
  });

  it("has a changed encounter wait while its record is only asserted, and amends it when the patient accepted", async () => {
    const asserted = idOf(await send(tinyBundle()));
    const { doctor, hospital, recordRegistry } = world.chain;
    const request = await fetchRequest(await world.session(doctor), asserted);
    await registerBatch(recordRegistry.connect(hospital), await signBatch([request], doctor));
    const patient = await world.patientOf(asserted);
    const sent = await send(changed());
    expect(sent.encounters[0]).to.deep.equal({ fate: "waits-for-patient", recordId: asserted });
    expect(sent.notStored).to.equal(3);
    const { storage } = world.database;
    expect(await storage.selectFrom("records").select("record_id").execute()).to.have.length(2);
    await world.chain.fund(patient);
    await recordRegistry.connect(patient).accept(asserted);
    const after = await send(changed());
    expect(fates(after)).to.deep.equal(["stored", "unchanged"]);
    await world.register(idOf(after));
    expect((await recordRegistry.describe(asserted)).state).to.equal(4n);
  });

  it("amends the registered record also when an amendment that waited was shredded", async () => {
    const registered = idOf(await send(tinyBundle()));
    await world.register(registered);
    await shredRecord(world.database, idOf(await send(changed("Appendectomy"))));
    const after = idOf(await send(changed("Peritonitis")));
    expect(await supersedesOf(after)).to.equal(registered);
    await world.register(after);
    expect((await world.chain.recordRegistry.describe(registered)).state).to.equal(4n);
  });

  it("changes nothing when the same bundle comes again and nobody knows its doctor any more", async () => {
    await send(tinyBundle());
    const doctorWallet = () => Promise.reject(new WalletUnknown("doctor"));
    await world.start({ walletDirectory: { ...directoryOf("", 0), doctorWallet } });
    expect(fates(await send(tinyBundle()))).to.deep.equal(["unchanged", "unchanged"]);
  });

  it("stores content again that another version had taken the place of", async () => {
    await send(tinyBundle());
    await send(changed());
    const sent = await send(tinyBundle());
    expect(fates(sent)).to.deep.equal(["stored", "unchanged"]);
    await world.register(idOf(sent));
  });

  it("finishes what has begun when the service closes", async () => {
    const begun = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const walletDirectory: WalletDirectory = {
      patientWallet: (identifiers, key) => world.wallets.patientWallet(identifiers, key),
      doctorWallet: async () => {
        begun.resolve();
        await released.promise;
        return world.wallets.doctorWallet();
      },
    };
    await world.start({ walletDirectory });
    const sending = send(tinyBundle());
    await begun.promise;
    const restarting = world.start();
    released.resolve();
    expect(fates(await sending)).to.deep.equal(["stored", "stored"]);
    await restarting;
    expect(await world.database.storage.selectFrom("records").select("record_id").execute()).to.have.length(2);
  });
});
