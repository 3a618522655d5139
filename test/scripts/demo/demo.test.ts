import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { expect } from "chai";
import { type DemoReport, summaryOf } from "../../../scripts/demo/report.js";
import { examples, failed, folderOf, play } from "./plays.js";

describe("scripts/demo", function () {
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

  it("says what to do about a folder without patients", async () => {
    let message = "";
    await play(await folderOf(0)).catch((error: Error) => {
      message = error.message;
    });
    expect(message).to.contain("--data");
  });

  it("stops when it is told to, and leaves no files", async () => {
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith("healthchain-demo-"));
    const interrupt = new AbortController();
    const say = (line: string) => {
      if (line.startsWith("== ingest")) interrupt.abort();
    };
    let reason: unknown;
    await play(await folderOf(2), { say, signal: interrupt.signal }).catch((error: unknown) => {
      reason = error;
    });
    expect(reason).to.have.property("name", "AbortError");
    const after = (await readdir(tmpdir())).filter((name) => name.startsWith("healthchain-demo-"));
    expect(after).to.deep.equal(before);
  });
});
