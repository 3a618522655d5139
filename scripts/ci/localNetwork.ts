/** Runs the local network, asks it for its status until it has shown what it should or time is up, and ends it by Ctrl-C. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { getAddress } from "ethers";

interface Status {
  readonly head: number;
  readonly confirmed: number;
  readonly epoch: number;
  readonly validators: readonly { address: string; stake: number; share: number; participation: number }[];
  readonly recent: readonly { number: number; slot: number; miner: string; leader: string }[];
}

const run = promisify(execFile);
const patience = 120_000;
const pause = 1_000;
/** Blocks to see in all. */
const enough = 10;

// A process group of its own, so that Ctrl-C reaches all of it as it does in a terminal.
const network = spawn("hardhat", ["chain", "start", "--validators", "4"], { detached: true, stdio: "inherit" });
const ended = once(network, "exit");
try {
  const first = await waitFor(() => true);
  const last = await waitFor(({ head }) => head >= first.head + enough);
  check(last);
  console.log(
    `Blocks ${first.head} to ${last.head}, ${last.confirmed} confirmed, epoch ${last.epoch}, ` +
      `${last.recent.length} recent blocks made by their leaders, ${last.validators.length} validators.`,
  );
} finally {
  if (network.pid !== undefined && network.exitCode === null) process.kill(-network.pid, "SIGINT");
  const [code] = await ended;
  require(code === 0, `the network ends with exit code 0 on Ctrl-C, not ${code}`);
}

async function waitFor(isSeen: (status: Status) => boolean): Promise<Status> {
  const end = Date.now() + patience;
  for (;;) {
    const status = await ask();
    if (status && isSeen(status)) return status;
    if (network.exitCode !== null) throw new Error("The local network ended by itself.");
    if (Date.now() > end) throw new Error("The local network did not show enough blocks in time.");
    await setTimeout(pause);
  }
}

async function ask(): Promise<Status | undefined> {
  try {
    const { stdout } = await run("hardhat", ["consensus", "status", "--json", "--network", "localhost"]);
    return JSON.parse(stdout) as Status;
  } catch {
    // Not up yet.
    return undefined;
  }
}

function check({ head, confirmed, epoch, validators, recent }: Status): void {
  const numbers = [head, confirmed, epoch, ...validators.flatMap(({ stake, share }) => [stake, share])];
  require(numbers.every(Number.isFinite), "every figure is a number");
  require(head - confirmed <= 2, `block ${confirmed} is confirmed while the head is ${head}`);
  require(epoch >= 1 && validators.length === 4, `epoch ${epoch} has ${validators.length} validators`);
  const shares = validators.reduce((sum, { share }) => sum + share, 0);
  require(Math.abs(shares - 1) < 1e-9, `the shares add up to ${shares}`);
  require(validators.every(
    ({ participation }) => participation >= 0 && participation <= 1,
  ), "participation is a share");
  require(validators.every(({ address }) => getAddress(address) === address), "addresses are checksummed");
  require(recent.length > 0, "there are recent blocks");
  for (const { number, miner, leader } of recent) {
    require(miner === leader, `block ${number} was made by ${miner}, and its slot is ${leader}'s`);
  }
}

function require(holds: boolean, what: string): void {
  if (!holds) throw new Error(`The status does not hold: ${what}.`);
}
