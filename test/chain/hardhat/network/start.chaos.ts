import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { Wallet } from "ethers";
import {
  joinNetwork,
  type NetworkOptions,
  NoNetwork,
  PortTaken,
  type RunningNetwork,
  rpcProvider,
  startNetwork,
  ValidatorNotStarted,
  ValidatorsMismatch,
} from "../../../../chain/hardhat/index.js";
import { ValidatorRegistry__factory } from "../../../../types/ethers-contracts/index.js";
import { rejection } from "../../../enrolled.js";

/** Milliseconds in which something must have happened, on a machine with a lot to do. */
const PATIENCE = 60_000;

const isAskedFor = process.argv.some((argument) => resolve(argument) === import.meta.filename);

// The tests' runner loads every file under `test`; what starts many processes has a command of its own.
if (isAskedFor) describe("A network of processes", scenes);

function scenes(this: Mocha.Suite): void {
  this.timeout(4 * PATIENCE);
  let folder: string;
  let network: RunningNetwork | undefined;
  const lines: string[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "healthchain-test-"));
  });

  after(async () => {
    await network?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const options = (changes: Partial<NetworkOptions> = {}): NetworkOptions => ({
    validators: 4,
    slotTime: 1,
    port: 0,
    folder: join(folder, "network"),
    say: (line) => lines.push(line),
    ...changes,
  });
  const until = async (what: string, isSo: () => boolean | Promise<boolean>) => {
    for (const end = Date.now() + PATIENCE; Date.now() < end; await setTimeout(50)) if (await isSo()) return;
    expect.fail(`Waited in vain until ${what}. The nodes said:\n${lines.join("\n")}`);
  };
  const isRunning = (pid: number | undefined) => {
    try {
      return process.kill(pid ?? 0, 0);
    } catch {
      return false;
    }
  };
  const running = () => {
    if (network === undefined) throw new Error("The network was not started.");
    return network;
  };
  const height = () => running().observer.ledger.head.number;

  it("starts, and executes what wallets send", async () => {
    network = await startNetwork(options());
    const provider = rpcProvider(network.url);
    const sender = new Wallet(Wallet.createRandom().privateKey, provider);
    const { hash } = await sender.sendTransaction({ to: sender.address });
    await until("the transaction is mined", async () => (await provider.getTransactionReceipt(hash)) !== null);
    provider.destroy();
    expect(new Set(network.validators.map(({ pid }) => pid))).to.have.lengthOf(4);
    expect(network.validators.every(({ pid }) => isRunning(pid) && pid !== process.pid)).to.equal(true);
  });

  it("keeps keys for their user only, and where Hardhat's tasks look, what was deployed", async () => {
    for (const { keyFile, address } of running().validators) {
      expect((await stat(keyFile)).mode & 0o077).to.equal(0);
      expect(new Wallet((await readFile(keyFile, "utf8")).trim()).address).to.equal(address);
    }
    const { genesis, contracts } = running();
    const deployment = join(folder, "network/ignition/deployments", `chain-31337-${genesis.hash.slice(2, 10)}`);
    const addresses = JSON.parse(await readFile(join(deployment, "deployed_addresses.json"), "utf8"));
    expect(addresses["Healthchain#BlockCertifier"]).to.equal(contracts.blockCertifier);
  });

  it("finds a taken port before it does anything", async () => {
    const port = Number(new URL(running().url).port);
    const elsewhere = join(folder, "elsewhere");
    expect(await rejection(startNetwork(options({ port, folder: elsewhere })))).to.be.instanceOf(PortTaken);
    expect(await rejection(stat(elsewhere))).to.have.property("code", "ENOENT");
  });

  it("goes on when a validator dies, says so, and takes it back", async () => {
    const [, , victim] = running().validators;
    await victim?.kill();
    const { number } = running().observer.ledger.head;
    await until("two more blocks are decided", () => height() >= number + 2);
    expect(lines.join("\n")).to.include("Validator 3: has ended (signal SIGKILL)");
    await victim?.restart();
    let hasSigned = false;
    running().observer.onBlock(({ certificate }) => {
      hasSigned ||= certificate.signatures.some(({ signer }) => signer === victim?.address);
    });
    await until("it signs again", () => hasSigned);
  });

  it("takes in a validator that joins: it stands, and follows the chain", async () => {
    const { url, contracts } = running();
    const newcomer = { rpc: url, folder: join(folder, "newcomer"), say: (line: string) => void lines.push(line) };
    const joined = await joinNetwork(newcomer);
    const provider = rpcProvider(url);
    const registry = ValidatorRegistry__factory.connect(contracts.validatorRegistry, provider);
    expect(Number(await registry.standingCount())).to.equal(5);
    expect(joined.candidate).to.equal(5);
    provider.destroy();
    await joined.stop();
    const again = await joinNetwork(newcomer);
    expect(again).to.include({ address: joined.address, candidate: 5 });
    await again.stop();
  });

  it("ends with all its processes, and goes on with the same chain", async () => {
    const before = running();
    const pids = before.validators.map(({ pid }) => pid);
    await before.stop();
    await before.ended;
    expect(pids.filter(isRunning)).to.be.empty;
    const { number } = before.observer.ledger.head;
    expect(await rejection(startNetwork(options({ validators: 5 })))).to.be.instanceOf(ValidatorsMismatch);

    network = await startNetwork(options());
    expect(network.genesis).to.deep.equal(before.genesis);
    expect(height()).to.be.at.least(number);
    await until("the chain goes on", () => height() > number);
  });

  it("ends what it has begun if a validator does not start", async () => {
    const programOf = () => new URL("nothing.ts", import.meta.url);
    await network?.stop();
    const error = await rejection(startNetwork(options({ programOf })));
    expect(error).to.be.instanceOf(ValidatorNotStarted);
  });

  it("can be stopped while it starts", async () => {
    const stop = new AbortController();
    const say = (line: string) => void (line.startsWith("Starting") && stop.abort());
    const error = await rejection(startNetwork(options({ signal: stop.signal, say })));
    expect(error).to.have.property("name", "AbortError");
  });

  it("cannot be joined where it is not", async () => {
    const nowhere = { rpc: "http://127.0.0.1:1", folder: join(folder, "nowhere"), say: () => {} };
    expect(await rejection(joinNetwork(nowhere))).to.be.instanceOf(NoNetwork);
  });
}
