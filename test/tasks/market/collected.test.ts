import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type CollectedDelivery, DeliveryFaulty } from "../../../database/index.js";
import { FileUnusable } from "../../../tasks/file.js";
import { keepEvidence, makeDeliveryFolder, writeDelivery } from "../../../tasks/market/collected.js";
import { rejection } from "../../enrolled.js";

const word = (digit: string): string => `0x${digit.repeat(64)}`;
const leaf = { recordId: word("1"), key: word("2"), ciphertextHash: word("3"), keyHash: word("4") };
const delivery: CollectedDelivery = {
  records: [],
  plaintexts: [Buffer.from('{"name":"é"}'), Buffer.from('{\r\n"a":\n1}\n'), Buffer.from([0x22, 0xff, 0x22])],
  leaves: [{ leaf, proof: [word("5")] }],
};

describe("a delivery's folder", () => {
  let parent: string;
  let folder: string;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), "healthchain-collected-"));
    folder = join(parent, "order");
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

  it("is its owner's only, and new or empty", async () => {
    await makeDeliveryFolder(folder);
    expect(await modeOf(folder)).to.equal(0o700);
    await makeDeliveryFolder(folder);
    await writeFile(join(folder, "mine"), "");
    const full = await rejection(makeDeliveryFolder(folder));
    expect(full)
      .to.be.instanceOf(FileUnusable)
      .and.to.have.property("message")
      .that.contains("is not empty: give a new");
    const nowhere = await rejection(makeDeliveryFolder(join(parent, "no/where")));
    expect(nowhere).to.have.property("message").that.contains("cannot be made as a folder: give a new one in a folder");
    expect(await rejection(makeDeliveryFolder(join(folder, "mine")))).to.be.instanceOf(FileUnusable);
  });

  it("gets a line for each record, byte for byte but for line breaks, and for each proof", async () => {
    await makeDeliveryFolder(folder);
    expect(await writeDelivery(folder, delivery)).to.deep.equal({ records: 0, sections: 0, doubleSharing: [] });
    expect((await readdir(folder)).sort()).to.deep.equal(["manifest.ndjson", "records.ndjson"]);
    const lines = [Buffer.from('{"name":"é"}\n{"a":1}\n"'), Buffer.from([0xff]), Buffer.from('"\n')];
    expect(await readFile(join(folder, "records.ndjson"))).to.deep.equal(Buffer.concat(lines));
    const manifest = await readFile(join(folder, "manifest.ndjson"), "utf8");
    expect(manifest).to.equal(`${JSON.stringify({ leaf, proof: [word("5")] })}\n`);
    for (const name of await readdir(folder)) expect(await modeOf(join(folder, name))).to.equal(0o600);
  });

  it("has no file under its name that is not whole", async () => {
    const stop = new AbortController();
    await makeDeliveryFolder(folder);
    stop.abort();
    expect(await rejection(writeDelivery(folder, delivery, stop.signal))).to.equal(stop.signal.reason);
    expect(await readdir(folder)).not.to.include("records.ndjson");
    const error = await rejection(writeDelivery(join(parent, "gone"), delivery));
    expect(error).to.be.instanceOf(FileUnusable).and.to.have.property("message").that.contains("cannot be written");
  });

  it("keeps evidence to its owner, and nothing after another failure", async () => {
    await makeDeliveryFolder(folder);
    const faulty = new DeliveryFaulty({ orderId: 1, fault: "count", detail: "the chain says 2 records, not 1" });
    expect(await rejection(keepEvidence(folder, faulty))).to.equal(faulty);
    expect(await modeOf(join(folder, "evidence.json"))).to.equal(0o600);
    await mkdir(join(folder, "records.ndjson.part"));
    const other = new Error("the disk is full");
    expect(await rejection(keepEvidence(folder, other))).to.equal(other);
    expect(await readdir(parent)).to.deep.equal([]);
  });
});
