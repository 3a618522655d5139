import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type InProcessNetwork,
  type InProcessOptions,
  operatorWallet,
  rpcProvider,
  startInProcessNetwork,
} from "../../chain/hardhat/index.js";
import { connectHealthchain, type Healthchain } from "../../ignition/deploy.js";
import { ChainClock } from "./clock.js";
import { ConcurrentWallet } from "./concurrentWallet.js";
import { type ConsensusRecord, consensusRecordOf, epochLines } from "./consensusRecord.js";
import { type Chain, type Consortium, foundConsortium } from "./consortium.js";
import { type Input, readInput } from "./input.js";
import { type BeforeRegistration, ingestAll, type RegisteredRecord, registerAll } from "./registration.js";
import type { DemoReport, FileRemark } from "./report.js";
import { playBackfill } from "./scenes/backfill.js";
import { playBlocks } from "./scenes/blocks.js";
import { playCertificates } from "./scenes/certificates.js";
import { playConsent } from "./scenes/consent.js";
import { playEmergency } from "./scenes/emergency.js";
import { playFanOut } from "./scenes/fanOut.js";
import { playIntegrity } from "./scenes/integrity.js";
import { playMarket } from "./scenes/market.js";
import { playResearch } from "./scenes/research.js";
import { playRewards } from "./scenes/rewards.js";
import { playUnlinkability } from "./scenes/unlinkability.js";
import { playValidators } from "./scenes/validators.js";
import { Stage, type StageOptions } from "./stage.js";
import { Thief } from "./thief.js";

export interface DemoOptions extends StageOptions {
  /** A folder of FHIR R4 transaction bundles. */
  readonly data: string;
  /** Gets every line of progress. */
  readonly say: (line: string) => void;
  /** Stops between two steps. */
  readonly signal?: AbortSignal;
  /** Runs when the network stands; for showing what happens when a contract of it is another. */
  readonly afterDeployment?: (contracts: Healthchain, network: InProcessNetwork) => Promise<void>;
  /** Makes the validators' nodes; anything but the default is for reaching into them. */
  readonly createValidator?: InProcessOptions["createValidator"];
  /** What is not played, where something else is to be shown; by default nothing. */
  readonly without?: readonly ActTitle[];
}

/** What is played, by title, in this order. */
const acts = {
  consent: playConsent,
  research: playResearch,
  integrity: playIntegrity,
  certificates: playCertificates,
  emergencies: playEmergency,
  "earlier records": playBackfill,
  "consent to everything": playFanOut,
  unlinkability: playUnlinkability,
  // Whoever sells a record shows that it is for sale and where it is kept, which few other wallets may share.
  "the market": playMarket,
  "the blocks": playBlocks,
  rewards: playRewards,
  validators: playValidators,
};

/** A part of the play. */
export type ActTitle = keyof typeof acts;

/** How many earlier records come in as a batch. */
const backfill = 2;

/** One validator resigns in the scenes, and four are the least. Slots of a second let a block bear any time that a scene needs. */
const rules = { validators: 5, slotTime: 1 } as const;

/**
 * The project's main job, from an empty chain to a doctor who reads what a patient allowed: starts a network of validators, starts a
 * database for each institution, ingests the bundles, registers every encounter, and plays the scenes.
 *
 * @throws NoPatientBundles, and whatever keeps it from getting to the scenes; a scene that goes wrong is in the report
 */
export async function runDemo(given: DemoOptions): Promise<DemoReport> {
  // Every line of progress is a point at which Ctrl-C takes hold.
  const say = (line: string) => {
    given.signal?.throwIfAborted();
    given.say(line);
  };
  const options = { ...given, say };
  const folder = await mkdtemp(join(tmpdir(), "healthchain-demo-"));
  const phases = new Phases(say);
  // What was opened last is closed first.
  const opened: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const input = await phases.run("read", () => readInput(options.data, (file) => say(`reading ${file}`)));
    const network = await phases.run("network", () => startNetworkFor(given));
    opened.push(() => network.stop());
    const chain = await chainOf(network);
    opened.push(() => chain.provider.destroy());
    await options.afterDeployment?.(chain.contracts, network);
    const consortium = await phases.run("found", () => foundConsortium(input, chain, folder, say));
    opened.push(() => consortium.close());
    return await playIn(consortium, input, options, phases);
  } finally {
    for (const close of opened.reverse()) await close();
  }
}

function startNetworkFor({ say, createValidator }: DemoOptions): Promise<InProcessNetwork> {
  say(`starting a network of ${rules.validators} validators, each of which replays every block`);
  return startInProcessNetwork({ ...rules, say, ...(createValidator && { createValidator }) });
}

async function chainOf(network: InProcessNetwork): Promise<Chain> {
  const provider = rpcProvider(network.url);
  const registrar = new ConcurrentWallet(operatorWallet().privateKey, provider);
  return {
    network,
    contracts: connectHealthchain(network.contracts, registrar),
    provider,
    registrar,
    validators: network.keys.map(({ privateKey }) => new ConcurrentWallet(privateKey, provider)),
    clock: new ChainClock(network),
    chainId: (await provider.getNetwork()).chainId,
  };
}

async function playIn(consortium: Consortium, input: Input, options: DemoOptions, phases: Phases): Promise<DemoReport> {
  const { say } = options;
  const refused = await phases.run("ingest", () => ingestAll(consortium, input, say));
  const thief = new Thief(consortium);
  const before: BeforeRegistration = (signed, hospital) => thief.tryOnce(signed, hospital);
  const records = await phases.run("register", () => registerAll(consortium, backfill, before, say));
  const stage = new Stage(consortium, input, records, say, options);
  await phases.run("scenes", () => playAll(stage, thief, options.without ?? []));
  const consensus = await consensusRecordOf(consortium.contracts);
  for (const line of epochLines(consensus)) say(line);
  return reportOf(consortium, input, records, refused, stage, consensus, phases.seconds);
}

async function playAll(stage: Stage, thief: Thief, without: readonly ActTitle[]): Promise<void> {
  const encounters = stage.input.patients.reduce((sum, { documents }) => sum + documents.documents.length, 0);
  await stage.play("every encounter of the input", `${encounters} records on chain`, async () => {
    const registry = stage.consortium.contracts.recordRegistry;
    const registered = await registry.queryFilter(registry.filters.RecordRegistered());
    const asserted = await registry.queryFilter(registry.filters.RecordAsserted());
    const reason = `${registered.length} signed by doctor and patient, ${asserted.length} asserted in a batch`;
    return { got: `${registered.length + asserted.length} records on chain`, reason };
  });
  await stage.play("another institution registers a signed record first", "RecordSignatureInvalid", () =>
    thief.outcome(),
  );
  for (const [title, act] of Object.entries(acts)) {
    if (without.includes(title as ActTitle)) continue;
    // An act that cannot be played at all is a scene that went wrong.
    await act(stage).catch((error: Error) => {
      if (error.name === "AbortError") throw error;
      return stage.play(`the scenes of ${title}`, "played", () => Promise.reject(error));
    });
  }
}

function reportOf(
  { center, hospitals, doctors }: Consortium,
  input: Input,
  records: readonly RegisteredRecord[],
  refused: readonly FileRemark[],
  { scenes, market }: Stage,
  { epochs, validators, ...counts }: ConsensusRecord,
  seconds: Record<string, number>,
): DemoReport {
  const { patients, skipped, broken } = input;
  const sum = (field: "input" | "placed" | "directory") =>
    patients.reduce((total, { documents }) => total + documents.accounting[field], 0);
  const nearest = patients.reduce(
    (total, { documents }) => total + documents.placements.filter(({ by }) => by === "nearest").length,
    0,
  );
  return {
    patients: new Set(center.owners().values()).size,
    institutions: hospitals.length,
    doctors,
    wallets: center.owners().size,
    records: records.length,
    sections: records.reduce((total, { request }) => total + request.sections.length, 0),
    resources: { input: sum("input"), placed: sum("placed"), directory: sum("directory") },
    files: { read: patients.length + skipped.length + broken.length, skipped, broken: [...broken, ...refused] },
    remarks: [...(nearest > 0 ? [`${nearest} resources name no encounter and went to the one nearest in date`] : [])],
    scenes,
    consensus: { epochs: epochs.length, ...counts, validators },
    ...(market && { market }),
    seconds,
  };
}

/** Runs the phases one after the other, says which one runs, and keeps how long each took. */
class Phases {
  readonly seconds: Record<string, number> = {};
  readonly #say: (line: string) => void;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  async run<T>(phase: string, work: () => Promise<T>): Promise<T> {
    this.#say(`== ${phase}`);
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.seconds[phase] = Math.round(performance.now() - start) / 1000;
    }
  }
}
