import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NetworkConnection } from "hardhat/types/network";
import type { SectionCheck } from "../../database/reader.js";
import { deployHealthchain, type Healthchain } from "../../ignition/deploy.js";
import { ChainClock } from "./clock.js";
import { type Consortium, foundConsortium } from "./consortium.js";
import { type Input, readInput } from "./input.js";
import { type BeforeRegistration, ingestAll, type RegisteredRecord, registerAll } from "./registration.js";
import type { DemoReport, FileRemark } from "./report.js";
import { playBackfill } from "./scenes/backfill.js";
import { playCertificates } from "./scenes/certificates.js";
import { playConsent } from "./scenes/consent.js";
import { playEmergency } from "./scenes/emergency.js";
import { playFanOut } from "./scenes/fanOut.js";
import { playIntegrity } from "./scenes/integrity.js";
import { playResearch } from "./scenes/research.js";
import { playUnlinkability } from "./scenes/unlinkability.js";
import { Stage } from "./stage.js";
import { Thief } from "./thief.js";

export interface DemoOptions {
  /** A folder of FHIR R4 transaction bundles. */
  readonly data: string;
  /** Gets every line of progress. */
  readonly say: (line: string) => void;
  /** Stops between two steps. */
  readonly signal?: AbortSignal;
  /** The readers' proof check; anything but the default is for showing what happens without it. */
  readonly check?: SectionCheck;
  /** Runs when the contracts stand; for showing what happens when one of them is another. */
  readonly afterDeployment?: (contracts: Healthchain) => Promise<void>;
}

/** How many earlier records come in as a batch. */
const backfill = 2;

/**
 * The project's main job, from an empty chain to a doctor who reads what a patient allowed: deploys, starts a database for each
 * institution, ingests the bundles, registers every encounter, and plays the scenes.
 *
 * @throws NoPatientBundles, and whatever keeps it from getting to the scenes; a scene that goes wrong is in the report
 */
export async function runDemo(connection: NetworkConnection, given: DemoOptions): Promise<DemoReport> {
  // Every line of progress is a point at which Ctrl-C takes hold.
  const say = (line: string) => {
    given.signal?.throwIfAborted();
    given.say(line);
  };
  const options = { ...given, say };
  const folder = await mkdtemp(join(tmpdir(), "healthchain-demo-"));
  const phases = new Phases(say);
  let consortium: Consortium | undefined;
  try {
    const input = await phases.run("read", () => readInput(options.data, (file) => options.say(`reading ${file}`)));
    const contracts = await phases.run("deploy", () => deployHealthchain(connection));
    await options.afterDeployment?.(contracts);
    const founded = await phases.run("found", () => found(connection, input, contracts, folder));
    consortium = founded;
    const refused = await phases.run("ingest", () => ingestAll(founded, input, options.say));
    const thief = new Thief(founded);
    const before: BeforeRegistration = (signed, hospital) => thief.tryOnce(signed, hospital);
    const records = await phases.run("register", () => registerAll(founded, backfill, before, say));
    const stage = new Stage(founded, input, records, say, options.check);
    await phases.run("scenes", () => playAll(stage, thief, connection));
    return reportOf(founded, input, records, refused, stage, phases.seconds);
  } finally {
    await consortium?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function found(connection: NetworkConnection, input: Input, contracts: Healthchain, folder: string) {
  const { ethers } = connection;
  const [registrar] = await ethers.getSigners();
  if (!registrar) throw new Error("The network has no account to act as registrar.");
  return foundConsortium(input, contracts, registrar, ethers.provider, new ChainClock(connection), folder);
}

async function playAll(stage: Stage, thief: Thief, { ethers }: NetworkConnection): Promise<void> {
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
  const acts = {
    consent: playConsent,
    research: playResearch,
    integrity: playIntegrity,
    certificates: playCertificates,
    emergencies: playEmergency,
    "earlier records": playBackfill,
    "consent to everything": playFanOut,
  };
  for (const [title, act] of Object.entries(acts)) {
    // An act that cannot be played at all is a scene that went wrong.
    await act(stage).catch((error: Error) => {
      if (error.name === "AbortError") throw error;
      return stage.play(`the scenes of ${title}`, "played", () => Promise.reject(error));
    });
  }
  await playUnlinkability(stage, ethers.provider);
}

function reportOf(
  { center, hospitals, doctors }: Consortium,
  input: Input,
  records: readonly RegisteredRecord[],
  refused: readonly FileRemark[],
  { scenes }: Stage,
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
