import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { HDNodeWallet, hexlify } from "ethers";
import { openStore, walletAddressAt, xpubOf } from "../../../src/accounts/index.js";

const key = new Uint8Array(32).fill(7);
const xpub = xpubOf(HDNodeWallet.fromSeed(key));
const patient = { system: "http://hl7.org/fhir/sid/us-ssn", value: "999-49-2969" };
const script = fileURLToPath(new URL("allotting.ts", import.meta.url));

/** Starts a process that allots, and collects the indexes that it reports. */
function startAllotting(path: string, count: number): { child: ChildProcess; reported: () => number[] } {
  const settings = [path, hexlify(key).slice(2), patient.system, patient.value, String(count)];
  const child = spawn(process.execPath, ["--import", "tsx", script, ...settings], {
    cwd: dirname(script),
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 30_000,
    killSignal: "SIGKILL",
  });
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  return { child, reported: () => (output.match(/\d+(?=\n)/g) ?? []).map(Number) };
}

describe("AccountStore in several processes", function () {
  this.timeout(60_000);
  let directory: string;
  let path: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "accounts-"));
    path = join(directory, "accounts.db");
    const store = openStore({ path, key });
    store.registerPatient(patient, xpub);
    store.close();
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it("gives no index twice when they allot at once", async () => {
    const processes = [startAllotting(path, 40), startAllotting(path, 40)];
    const codes = await Promise.all(processes.map(async ({ child }) => (await once(child, "close"))[0]));
    expect(codes).to.deep.equal([0, 0]);
    const indexes = processes.flatMap(({ reported }) => reported()).sort((one, other) => one - other);
    expect(indexes).to.deep.equal(Array.from({ length: 80 }, (_, index) => index));
  });

  it("loses nothing and repeats nothing when one is killed while it allots", async () => {
    const allReported: number[] = [];
    for (const enough of [1, 4, 9]) {
      const { child, reported } = startAllotting(path, 1_000_000);
      child.stdout?.on("data", () => reported().length >= enough && child.kill("SIGKILL"));
      await once(child, "close");
      expect(reported().length).to.be.at.least(enough);
      allReported.push(...reported());
    }

    const store = openStore({ path, key });
    const kept = store.find(patient)?.wallets ?? [];
    const next = store.allotWallet(patient);
    store.close();
    expect(new Set(allReported).size).to.equal(allReported.length);
    expect(kept.map(({ index }) => index)).to.include.members(allReported);
    expect(kept.map(({ index }) => index)).to.deep.equal(kept.map((_, position) => position));
    expect(next).to.include({ index: kept.length, address: walletAddressAt(xpub, kept.length) });
  });
});
