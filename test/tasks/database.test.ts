import { once } from "node:events";
import { stat, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { RecordShredded } from "../../database/index.js";
import { openRecord } from "../../database/recordStore.js";
import { World as Hospital, rejection } from "../database/world.js";
import { tinyBundle } from "../records/tinyBundle.js";
import { lineOf, type Project, refusal } from "./project.js";
import { accounts, inWorld, patientWallet, type World } from "./world.js";

describe("npx hardhat database", () => {
  let world: World;
  let project: Project;
  inWorld((made) => {
    world = made;
    project = made.project;
  });

  const access = (from: string, more: object = {}) => ({ ...world.database, id: world.accepted, from, ...more });

  it("makes a key that only its owner can read, once", async () => {
    const file = project.path("fresh.key");
    await project.run("database new-key", { file });
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect(await refusal(project.run("database new-key", { file }))).to.match(/exists already/);
  });

  it("changes nothing when the same bundle comes again", async () => {
    const files = [project.path("bundle.json")];
    const { result } = await project.run("database ingest", { ...world.database, from: accounts.hospital.from, files });
    expect(result.encounters).to.have.length(2);
    for (const { fate } of result.encounters) expect(fate).to.equal("unchanged");
  });

  it("takes bundles from the institution alone", async () => {
    const files = [project.path("bundle.json")];
    const asDoctor = project.run("database ingest", { ...world.database, from: accounts.doctor.from, files });
    expect(await refusal(asDoctor)).to.match(/institution/);
  });

  it("takes what it can of several bundles, says what is wrong with the others, and fails", async () => {
    const broken = project.path("broken.json");
    await writeFile(broken, '{"resourceType":"Bundle","type":"transaction","entry":[');
    const hospital = ["--url", world.database.url, "--institution", "1", "--from", accounts.hospital.from];
    const files = [broken, project.path("bundle.json")];
    const { code, stdout, stderr } = await project.command(["database", "ingest", ...hospital, "--json", ...files]);
    expect(code).to.equal(1);
    expect(stderr).to.match(/1 of 2 bundles were refused/);
    const { files: reports, encounters } = JSON.parse(stdout);
    expect(reports[0].refused).to.be.a("string");
    expect(encounters).to.have.length(2);
  });

  it("prints a record's Bundle as it was served, to the patient in full", async () => {
    const { stdout, stderr } = await project.run("database read", access("mnemonic:0"));
    const bundle = JSON.parse(stdout);
    expect(bundle).to.include({ resourceType: "Bundle", type: "collection" });
    expect(stdout).to.include('"value": 1.50 ,');
    expect(stderr).to.match(/^Verified: \d+ sections \(full\)$/m);
  });

  it("refuses who has no consent, and who is not certified", async () => {
    const asResearcher = access(accounts.researcher.from, { purpose: "HRESCH" });
    expect(await refusal(project.run("database read", asResearcher))).to.match(/consent/i);
    expect(await refusal(project.run("database read", access(accounts.stranger.from)))).to.match(/not-certified/);
    const wrong = access("mnemonic:0", { form: "half" });
    expect(await refusal(project.run("database read", wrong))).to.match(/full or deidentified/);
  });

  it("shows a researcher with consent the de-identified sections alone", async () => {
    const patient = { from: "mnemonic:0", relayer: accounts.stranger.from };
    const recipient = "role:Researcher";
    await project.run("consent grant", {
      ...patient,
      recipient,
      purposes: "HRESCH",
      classes: "VitalSigns",
      until: "1d",
    });
    const read = access(accounts.researcher.from, { purpose: "HRESCH", out: project.path("research.json") });
    const { result } = await project.run("database read", read);
    expect(result).to.deep.include({ verified: true, form: ["deidentified"], complete: false });
    await project.run("consent revoke", { ...patient, recipient });
  });

  it("says what is wrong with an address", async () => {
    const nowhere = access("mnemonic:0", { url: "http://127.0.0.1:1" });
    expect(await refusal(project.run("database read", nowhere))).to.match(/does not answer as a medical database/);
    expect(await refusal(project.run("database read", access("mnemonic:0", { url: "x" })))).to.match(
      /an address such as/,
    );
    expect(await refusal(project.run("database read", access("mnemonic:0", { url: undefined })))).to.match(
      /--url is missing/,
    );
  });

  it("lists requests that wait, and saves none that is not signed", async () => {
    const { result } = await project.run("database requests", { ...world.database, from: accounts.researcher.from });
    expect(result).to.deep.equal([]);
    const saved = { ...world.database, from: accounts.hospital.from, out: project.folder };
    expect((await project.run("database requests", saved)).result).to.deep.equal([]);
  });

  it("refuses to sign what is not the wallet's", async () => {
    const foreign = { ...world.database, ids: [world.accepted], from: accounts.researcher.from };
    expect(await refusal(project.run("database sign", foreign))).to.be.a("string");
  });

  it("checks the access log, also against a head that was seen before", async () => {
    const log = { institution: "1", file: project.path("hospital.db"), keyFile: project.path("hospital.key") };
    const { result } = await project.run("database audit", log);
    expect(result.intact).to.equal(true);
    expect(result.events).to.be.above(5);
    const { result: known } = await project.run("database audit", { ...log, known: result.head });
    expect(known.head).to.equal(result.head);
    const false_ = `${result.events}:${"0".repeat(64)}`;
    expect(await refusal(project.run("database audit", { ...log, known: false_ }))).to.match(/audit chain breaks/);
    const missing = { ...log, file: project.path("none.db") };
    expect(await refusal(project.run("database audit", missing))).to.match(/cannot be read/);
  });

  it("shreds a record, and finds that it was when it is told again", async () => {
    const hospital = await Hospital.create();
    const [id = "", other = ""] = await hospital.ingest(tinyBundle());
    const keyFile = project.path("shredding.key");
    await writeFile(keyFile, Buffer.from(hospital.kek).toString("hex"));
    const shred = { id, institution: "1", file: hospital.file, keyFile };
    for (let time = 0; time < 2; time++) {
      expect((await project.run("database shred", shred)).result).to.include({ id, shredded: true });
    }
    expect(await rejection(openRecord(hospital.database, id))).to.be.instanceOf(RecordShredded);
    expect((await openRecord(hospital.database, other)).sections).to.be.not.empty;
    const unknown = `0x${"ab".repeat(32)}`;
    expect(await refusal(project.run("database shred", { ...shred, id: unknown }))).to.match(/has no record/);
    expect(await refusal(project.run("database shred", { ...shred, id: "1" }))).to.match(/a record's id/);
    expect(await refusal(project.run("database shred", { ...shred, file: project.path("none.db") }))).to.match(
      /cannot be read/,
    );
    await hospital.close();
  });

  it("serves several institutions from a list, and stops cleanly on Ctrl-C", async () => {
    const list = project.path("institutions.json");
    const keyFile = "hospital.key";
    const institution = (number: string) => ({ institution: number, organization: `urn:org|${number}`, keyFile });
    await writeFile(list, JSON.stringify([1, 2].map((n) => ({ ...institution(`${n}`), file: `several-${n}.db` }))));
    const store = project.path("accounts.db");
    const chain = ["--finality", "finalized", "--max-block-age", "none", "--trust-proxy", "loopback"];
    const others = ["--store", store, "--port", "0", ...chain];
    const service = project.start(["database", "serve", "--institutions", list, ...others]);
    const url = await lineOf(service, /^url +(\S+)$/);
    const answers = await Promise.all(["1", "2"].map((number) => fetch(`${url}/${number}/fhir/metadata`)));
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200]);
    service.kill("SIGINT");
    const [code] = await once(service, "close");
    expect(code).to.equal(0);
  });

  it("does not serve without a key or a store", async () => {
    const serve = { institution: "1", organization: "urn:org|1", file: project.path("x.db") };
    expect(await refusal(project.run("database serve", serve))).to.match(/--key-file is missing/);
    const unkeyed = { ...serve, keyFile: project.path("package.json") };
    expect(await refusal(project.run("database serve", unkeyed))).to.match(/holds no key/);
    const unstored = { ...serve, keyFile: project.path("hospital.key") };
    expect(await refusal(project.run("database serve", unstored))).to.match(/--store is missing/);
  });

  it("does not serve with a bound, a block, an interval or a proxy that is none", async () => {
    const named = { institution: "1", organization: "urn:org|1", file: project.path("y.db") };
    const serve = { ...named, keyFile: project.path("hospital.key"), store: project.path("accounts.db"), port: 0 };
    for (const [wrong, remedy] of [
      [{ maxBlockAge: "0s" }, /from 1s to 7d/],
      [{ maxBlockAge: "soon" }, /a duration such as/],
      [{ enrollEvery: "30d" }, /from 1s to 7d/],
      [{ finality: "safe" }, /latest or finalized/],
      [{ trustProxy: "everybody" }, /trusted proxies/],
    ] as const) {
      expect(await refusal(project.run("database serve", { ...serve, ...wrong }))).to.match(remedy);
    }
  });

  it("knows the patient's wallets by the account center's store", async () => {
    const { result } = await project.run("accounts show", { account: patientWallet(1) });
    expect(result).to.include({ role: "Patient", active: true });
  });
});
