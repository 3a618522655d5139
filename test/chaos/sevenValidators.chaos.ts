import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { ChaosNetwork, everybody, Faulty, SLOT } from "./chaosNetwork.js";
import { crashScenes } from "./crashes.js";
import { sayDelays } from "./delays.js";
import { equivocationScenes } from "./equivocation.js";
import { lyingScenes } from "./lies.js";
import { say } from "./say.js";
import { signingScenes } from "./signing.js";
import { untilBlocks, untilCaughtUp } from "./waits.js";

/** The same seed chooses the same victims: `CHAOS_SEED=1 npm run test:chaos`. */
const seed = Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 32));

const isAskedFor = process.argv.some((argument) => resolve(argument) === import.meta.filename);

// The tests' runner loads every file under `test`; this suite has a command of its own.
if (isAskedFor) describe(`Seven validators, each a process of its own, in slots of ${SLOT} s (seed ${seed})`, scenes);

function scenes(this: Mocha.Suite): void {
  // Each wait has its own limit; what comes after a scene that failed would say nothing.
  this.timeout(300_000);
  this.bail(true);
  const ending = new AbortController();
  const lines: string[] = [];
  let folder: string;
  let starting: Promise<ChaosNetwork> | undefined;
  let network: ChaosNetwork;
  const chaos = () => network;

  before("start", async () => {
    folder = await mkdtemp(join(tmpdir(), "healthchain-chaos-"));
    starting = ChaosNetwork.start({ seed, folder, signal: ending.signal, say: (line) => lines.push(line) });
    network = await starting;
    await untilBlocks(network, network.head.number, 3, 30);
  });
  beforeEach("all seven take part", () => untilCaughtUp(network, everybody));
  afterEach("forget what went well", function () {
    if (this.currentTest?.state === "passed") lines.length = 0;
  });
  after("end", async () => {
    ending.abort();
    const started = await starting?.catch(() => undefined);
    await started?.stop();
    await rm(folder, { recursive: true, force: true });
    // Of a scene or a hook that failed, and all after it.
    for (const line of lines) console.log(line);
  });

  crashScenes(chaos);
  signingScenes(chaos);
  lyingScenes(chaos);
  equivocationScenes(chaos);

  it("has one chain on all nodes, and nobody but the equivocator ever signed two things", async () => {
    const { number, hash } = network.head;
    await untilCaughtUp(network, everybody);
    for (const validator of everybody) {
      const blocks = await network.storedBlocks(validator);
      const kept = blocks.map(({ block }) => block).find((block) => block.number === number);
      expect(kept?.hash, `block ${number} of validator ${validator}`).to.equal(hash);
    }
    const culprits = new Set(network.wiretap.contradictions().map(([{ signer }]) => signer));
    culprits.delete(network.addressOf(Faulty.TwoFaced));
    expect([...culprits]).to.deep.equal([]);
    say(`block ${number} is the same on all seven; ${network.wiretap.size} statements heard in all`);
    sayDelays(network);
  });
}
