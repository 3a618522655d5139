import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { expect } from "chai";
import { ContractFactory, Wallet } from "ethers";
import { artifacts } from "hardhat";
import { type InProcessNetwork, rpcProvider } from "../../../chain/hardhat/index.js";
import { ValidatorNode, type ValidatorParts } from "../../../chain/hardhat/node/validator.js";
import type { Replica } from "../../../chain/hardhat/replica/replica.js";
import type { Healthchain } from "../../../ignition/deploy.js";
import type { ActTitle, DemoOptions } from "../../../scripts/demo/demo.js";
import { type DemoReport, summaryOf } from "../../../scripts/demo/report.js";
import { tamper } from "../../../scripts/demo/tamper.js";
import { LeafKind } from "../../../src/records/index.js";
import { examples, failed, folderOf, play, silent } from "./plays.js";

/** What does not ask whether anybody may read. */
const undecided: readonly ActTitle[] = ["unlinkability", "the blocks", "rewards", "validators"];
/** Where somebody in each of the examples lives or works. */
const city = "Harrowgate Falls";

const isAskedFor = process.argv.some((argument) => resolve(argument) === import.meta.filename);

// Each plays the whole demo, so they run on demand only: `npm run test:chaos`.
if (isAskedFor) describe("the demo, with faults, and with little", scenes);

function scenes(this: Mocha.Suite): void {
  this.timeout(300_000);

  describe("with four patients, and files that are none", () => {
    const said: string[] = [];
    let report: DemoReport;
    before(async () => {
      const half = (await readFile(new URL("lucja-wojcik.json", examples))).subarray(0, 20_000);
      const hospitals = await readFile(new URL("hospitals.json", examples));
      const folder = await folderOf(4, { "broken.json": half, "hospitals.json": hospitals, "notes.txt": "no bundle" });
      report = await play(folder, { say: (line) => said.push(line) });
    });

    it("plays every scene as expected, names broken files and loses nothing else", () => {
      expect(failed(report), summaryOf(report).join("\n")).to.deep.equal([]);
      expect(report.patients).to.equal(4);
      expect(report.files.read).to.equal(6);
      expect(report.files.broken.map(({ file }) => file)).to.deep.equal(["broken.json"]);
      expect(report.files.broken[0]?.reason).to.match(/\w/);
      expect(report.files.skipped.map(({ file }) => file)).to.deep.equal(["hospitals.json"]);
      const { input, placed, directory } = report.resources;
      expect(placed + directory).to.equal(input);
      expect(report.records).to.equal(report.wallets);
      expect(report.sections).to.be.greaterThan(report.records);
    });

    it("reports what the validators did", () => {
      const { epochs, blocks, confirmed, validators } = report.consensus;
      expect(confirmed).to.equal(blocks - 1);
      expect(validators).to.have.length(5);
      expect(validators.reduce((sum, { led }) => sum + led, 0)).to.equal(confirmed);
      const shares = validators.reduce((sum, { share }) => sum + share, 0);
      expect(Math.abs(shares - 1)).to.be.lessThan(1e-9);
      // The last one resigned, the one before it was slashed and stays, because there are too few others.
      expect(validators.map(({ share }) => share > 0)).to.deep.equal([true, true, true, true, false]);
      for (const { share, signed, earned, stake } of validators) {
        expect(share).to.be.lessThan(1 / 3);
        expect(signed).to.be.within(1, confirmed);
        expect(earned).to.be.greaterThan(0);
        expect(stake).to.be.greaterThan(90_000);
      }
      expect(said.filter((line) => /^epoch \d+, \d+ blocks, led by institution 1 /.test(line))).to.have.length(epochs);
      expect(summaryOf(report)).to.include(
        `${blocks} blocks of ${epochs} epochs, ${confirmed} of them confirmed by more than two thirds`,
      );
    });

    const changesOf = (role: string) => {
      const rows = report.market?.ledger.filter((row) => row.role === role) ?? [];
      return rows.map(({ delta }) => BigInt(delta));
    };
    const totalOf = (role: string) => changesOf(role).reduce((sum, delta) => sum + delta, 0n);

    it("sells, delivers and proves records that tell nobody's name", () => {
      const { market } = report;
      expect(market?.order.purpose).to.equal("HRESCH");
      expect(market?.order.amount).to.equal(market?.records);
      // One patient has revoked in the meantime.
      expect(market?.delivered.records).to.equal((market?.records ?? 0) - 1);
      expect(market?.delivered.suite).to.equal("X-Wing");
      expect(market?.proofs).to.deep.equal({
        verified: (market?.delivered.resources ?? 0) + 2 * (market?.delivered.records ?? 0),
        failed: 0,
      });
      expect(market?.leaks).to.deep.equal({ searched: market?.delivered.records, found: 0 });
      expect(market?.kept.codes).to.be.greaterThan(market?.delivered.resources ?? 0);
      expect(market?.kept.quantities).to.be.greaterThan(0);
    });

    it("pays everybody, and neither makes nor loses a wei", () => {
      const { ledger = [], order } = report.market ?? {};
      expect(ledger.reduce((sum, { delta }) => sum + BigInt(delta), 0n)).to.equal(0n);
      expect(new Set(ledger.map(({ account }) => account)).size).to.equal(ledger.length);
      for (const role of ["patient", "doctor", "institution"]) {
        expect(changesOf(role), role).to.have.length.above(0);
        for (const delta of changesOf(role)) expect(delta > 0n, role).to.equal(true);
      }
      expect(totalOf("emission") < 0n).to.equal(true);
      // Only what was rounded off stays in escrow.
      expect(totalOf("escrow")).to.be.within(0n, 1_000n);
      expect(order?.payment).to.equal(String(BigInt(order?.price ?? 0) * BigInt(order?.amount ?? 0)));
      expect(summaryOf(report).filter((line) => line.startsWith("market: "))).to.have.length(4);
    });
  });

  it("fails in the scenes of consent when isPermitted always says yes", async () => {
    const replicas: Replica[] = [];
    const createValidator = (parts: ValidatorParts) => {
      replicas.push(parts.ledger.replica);
      return new ValidatorNode(parts);
    };
    const afterDeployment = async ({ consentRegistry }: Healthchain, { url, observer }: InProcessNetwork) => {
      const provider = rpcProvider(url);
      const registry = await consentRegistry.getAddress();
      const original = "0x00000000000000000000000000000000000C0DE5";
      const { abi, bytecode } = await artifacts.readArtifact("ConsentRegistry__Harness");
      const factory = new ContractFactory(abi, bytecode, Wallet.createRandom().connect(provider));
      const harness = await factory.deploy(original);
      const code = { [original]: await provider.getCode(registry), [registry]: await provider.getCode(harness) };
      // Changed on all replicas behind the contracts' backs, so that they stay equal.
      for (const replica of [observer.ledger.replica, ...replicas]) {
        for (const change of Object.entries(code)) await replica.request("hardhat_setCode", change);
      }
      provider.destroy();
    };
    const report = await play(await folderOf(4), {
      afterDeployment,
      createValidator,
      without: [...undecided, "the market"],
    });

    expect(failed(report).map(({ name, got }) => `${name}: ${got}`)).to.deep.equal([
      "a doctor of another hospital, before consent: served",
      "only the permitted classes come back, each section with a proof: everything",
      "for another purpose: served",
      "a section of another class: served",
      "at `until`: served",
      "after revocation: served",
      "an emergency without breaking the glass: served",
    ]);
  });

  it("fails in the scene of the changed byte, and in that of leaks, when readers check no proof and a database leaks", async () => {
    const leak = { kind: LeafKind.Deidentified, change: (text: string) => text.replace("{", `{"author":"${city}",`) };
    const beforeDelivery: DemoOptions["beforeDelivery"] = async (ordered, { service }) => {
      for (const { id, hospital } of ordered) {
        const database = service.institutions.get(hospital.number);
        if (database) await tamper(database, id, leak);
      }
    };
    const report = await play(await folderOf(4), { check: silent, beforeDelivery, without: undecided });
    expect(failed(report).map(({ name, got }) => `${name}: ${got}`)).to.deep.equal([
      "a byte changed in the database: served",
      `what was delivered tells nobody's name, number, place or day: ${report.market?.leaks.found} leaks`,
    ]);
    expect(report.market?.leaks.found).to.be.greaterThan(0);
  });

  it("plays with one patient of one institution too", async () => {
    const report = await play(await folderOf(0, { "one.json": await atOneInstitution("ines-quaresma.json") }));
    expect(failed(report), summaryOf(report).join("\n")).to.deep.equal([]);
    expect(report.institutions).to.equal(1);
    expect(report.records).to.equal(report.wallets);
  });

  it("plays what it can with one single encounter", async () => {
    const report = await play(await folderOf(0, { "one.json": await firstEncounterOf("ines-quaresma.json") }));
    expect(failed(report), summaryOf(report).join("\n")).to.deep.equal([]);
    expect(report.records).to.equal(1);
    const needs = report.scenes.filter(({ got }) => got.startsWith("needs ")).map(({ got }) => got);
    expect(needs).to.deep.equal([
      "needs another record",
      "needs three records",
      "needs 8 patients",
      "needs another record",
      "needs another record",
      "needs records of two institutions",
    ]);
    expect(report.market?.delivered.records).to.equal(1);
  });
}

/** An example bundle as if all of it had happened at one institution. */
async function atOneInstitution(file: string): Promise<string> {
  const text = await readFile(new URL(file, examples), "utf8");
  const place = /"serviceProvider": \{"reference": "(urn:uuid:[^"]+)"/.exec(text)?.[1] ?? "";
  return text.replace(/("serviceProvider": \{"reference": ")urn:uuid:[^"]+/g, `$1${place}`);
}

/** An example bundle without all encounters but the first, and without what names the others. */
async function firstEncounterOf(file: string): Promise<string> {
  const bundle = JSON.parse(await readFile(new URL(file, examples), "utf8")) as { entry: Entry[] };
  const encounters = bundle.entry.filter(({ resource }) => resource.resourceType === "Encounter");
  const others = encounters.slice(1).map(({ fullUrl }) => fullUrl);
  const entry = bundle.entry.filter((one) => !others.some((url) => JSON.stringify(one).includes(url)));
  return JSON.stringify({ ...bundle, entry });
}

interface Entry {
  readonly fullUrl: string;
  readonly resource: { readonly resourceType: string };
}
