import { expect } from "chai";
import { ZeroHash } from "ethers";
import {
  DatabaseRefused,
  fetchRequest,
  type SentBundle,
  sendBundle,
  type WalletDirectory,
  WalletUnknown,
  waitingRequests,
} from "../../database/index.js";
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

  it("stores this institution's encounters only, and reports the others", async () => {
    const sent = await send(sharedBundle());
    expect(fates(sent)).to.deep.equal(["stored", "stored", "not-ours", "not-ours"]);
    expect([sent.stored, sent.notOurs]).to.deep.equal([8, 3]);
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
    world.ahead = 40 * 86_400_000;
    expect(fates(await send(tinyBundle()))).to.deep.equal(["unchanged", "renewed"]);
    const [waiting] = await waitingRequests(await world.session(world.chain.doctor));
    expect(waiting).to.deep.equal({ id: idOf(sent, 1), state: "pending", signedBy: [] });
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
