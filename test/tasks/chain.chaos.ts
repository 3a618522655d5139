import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { ended, Project, refusal } from "./project.js";

interface Started {
  readonly url: string;
  readonly deployment: string;
  readonly accounts: readonly { readonly address: string }[];
  readonly validators: readonly { readonly address: string; readonly pid: number; readonly keyFile: string }[];
}

interface Joined {
  readonly candidate: number;
  readonly keyFile: string;
}

interface Status {
  readonly head: number;
  readonly confirmed: number;
  readonly epoch: number;
  readonly candidates: number;
  readonly validators: readonly { readonly address: string; readonly stake: number; readonly share: number }[];
  readonly recent: readonly { readonly number: number; readonly miner: string; readonly leader: string }[];
}

/** The JSON document that a command prints while it goes on. */
async function documentOf<T>(child: ChildProcess): Promise<T> {
  let text = "";
  let complaint = "";
  child.stderr?.on("data", (data) => {
    complaint += data;
  });
  for await (const chunk of child.stdout ?? []) {
    text += chunk;
    if (text.endsWith("}\n")) return JSON.parse(text) as T;
  }
  throw new Error(`The command ended without a document: ${complaint}`);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const isAskedFor = process.argv.some((argument) => resolve(argument) === import.meta.filename);

// The tests' runner loads every file under `test`; what starts many processes has a command of its own.
if (isAskedFor) describe("npx hardhat chain", scenes);

function scenes(this: Mocha.Suite): void {
  this.timeout(120_000);
  let project: Project;
  let network: ChildProcess;
  let started: Started;
  let joining: ChildProcess;
  let joined: Promise<Joined>;

  before(async () => {
    project = await Project.start();
    const slots = ["--slot", "1", "--epoch", "1h"];
    network = project.start(["chain", "start", "--port", "0", ...slots, "--every", "1", "--data", "network", "--json"]);
    started = await documentOf<Started>(network);
    const data = project.path("joined");
    joining = project.start(["chain", "join", "--rpc", started.url, "--data", data, "--json"]);
    joined = documentOf<Joined>(joining);
    // It is awaited later; until then a failure is nobody's.
    joined.catch(() => undefined);
  });
  after(async () => {
    for (const child of [joining, network]) await ended(child, "SIGKILL");
    await project.stop();
  });

  /** Runs a command on the network's chain. */
  const command = async (...args: string[]) => project.command(args, { CHAIN_URL: started.url });
  const status = async (): Promise<Status> => JSON.parse((await command("consensus", "status", "--json")).stdout);

  it("starts a process for each validator, and tells where everything is", () => {
    expect(started.validators).to.have.length(4);
    for (const { pid, keyFile } of started.validators) {
      expect(isRunning(pid)).to.equal(true);
      expect(existsSync(keyFile)).to.equal(true);
    }
    expect(started.accounts[0]?.address).to.equal("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    expect(started.accounts).to.have.length(20);
    expect(existsSync(project.path(`${started.deployment}/journal.jsonl`))).to.equal(true);
  });

  it("says what is decided, a line for every so many blocks", async () => {
    const line = /^Block \d+: epoch \d+, slot \d+, made by validator [1-4], signed by [34]/m;
    for (let said = ""; !line.test(said); ) {
      const [data] = await once(network.stderr ?? network, "data");
      said += data;
    }
  });

  it("makes blocks by the schedule, which are confirmed, and serves the tasks", async () => {
    // The first block is confirmed in the second.
    await setTimeout(2_000);
    const { head, confirmed, epoch, validators, recent } = await status();
    expect(epoch).to.be.at.least(1);
    expect(head - confirmed).to.be.within(0, 2);
    expect(validators.map(({ address }) => address)).to.have.members(started.validators.map(({ address }) => address));
    for (const { stake, share } of validators) {
      expect(stake).to.be.at.least(100_000);
      expect(share).to.be.within(0.24, 0.26);
    }
    expect(recent.length).to.be.above(0);
    for (const { miner, leader } of recent) expect(miner).to.equal(leader);
  });

  it("lets another validator join, which stands for election", async () => {
    const { candidate, keyFile } = await joined;
    expect(candidate).to.equal(5);
    expect(existsSync(keyFile)).to.equal(true);
    expect((await status()).candidates).to.equal(5);
    joining.kill("SIGINT");
    const [code] = await once(joining, "close");
    expect(code).to.equal(0);
  });

  it("takes transactions", async () => {
    const { code, stdout } = await command("consensus", "rules", "--min-blocks", "11", "--json");
    expect(code).to.equal(0);
    expect(JSON.parse(stdout).minBlocks).to.equal(11);
  });

  it("refuses a port that is taken, and what no network can be", async () => {
    const start = (args: object) =>
      refusal(
        project.run("chain start", {
          validators: 4,
          slot: 2,
          port: 0,
          every: 10,
          ...(args as Record<string, unknown>),
        }),
      );
    expect(await start({ port: Number(new URL(started.url).port) })).to.match(/is taken.*choose another port/);
    expect(await start({ validators: 3 })).to.match(/a whole number from 4 to 21/);
    expect(await start({ slot: 0 })).to.match(/a whole number from 1 to 3600/);
    expect(await start({ port: 65_536 })).to.match(/a whole number from 0 to 65535/);
    expect(await start({ epoch: "5s" })).to.match(/a duration from 10s to 30d/);
    const nowhere = project.run("chain join", { rpc: project.url, amount: "1", data: project.path("nowhere") });
    expect(await refusal(nowhere)).to.match(/no local network to join/);
  });

  it("keeps nothing of a network without a folder", async () => {
    const { TMPDIR } = process.env;
    process.env.TMPDIR = await mkdtemp(project.path("tmp-"));
    try {
      const args = { validators: 4, slot: 2, port: Number(new URL(started.url).port), every: 10 };
      expect(await refusal(project.run("chain start", args))).to.match(/is taken/);
      expect(await readdir(process.env.TMPDIR)).to.deep.equal([]);
    } finally {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
    }
  });

  it("ends everything with Ctrl-C", async () => {
    const closed = once(network, "close");
    network.kill("SIGINT");
    const [code] = await closed;
    expect(code).to.equal(0);
    await setTimeout(100);
    for (const { pid } of started.validators) expect(isRunning(pid)).to.equal(false);
    expect(existsSync(project.path("network/genesis.json"))).to.equal(true);
  });
}
