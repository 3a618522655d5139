import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import type { Ablation } from "./ablation.js";
import { noCounts } from "./counts.js";
import { workThrough } from "./crew.js";
import { joined, type SimulationOptions, type SimulationResult, simulate } from "./simulation.js";

export type { Ablation } from "./ablation.js";
export type { FailedRun, SimulationResult } from "./simulation.js";

const BATCH = 50;
const RUNS_BETWEEN_LINES = 1000;

/** What to simulate, and how. */
export interface RunSimulationOptions {
  /** A whole number, at least 1. */
  readonly runs: number;
  /** Of the first run; run i has seed + i. A whole number from 0 on; seed + runs must be below 2^53. */
  readonly seed: number;
  /** Threads; by default one for each core. With 1, the runs are made in the caller's own. */
  readonly workers?: number;
  /** To see that the simulation notices: without the machine's lock, or without the signing guard. */
  readonly without?: Ablation;
  /** Gets each line of progress and of the result. */
  readonly say?: (line: string) => void;
  /** Aborted, it ends the simulation, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The range of runs is no range. */
export class InvalidSimulation extends Error {
  override readonly name = "InvalidSimulation";

  constructor(field: string, expected: string) {
    super(`The ${field} cannot be simulated with: give ${expected}.`);
  }
}

/**
 * Runs the audit round under storms, crashes and liars, one run for each seed, and says what it found. A run depends on its
 * seed alone: `{ runs: 1, seed }` replays it.
 *
 * @throws {InvalidSimulation} before anything is run.
 */
export async function runSimulation(options: RunSimulationOptions): Promise<SimulationResult> {
  const { runs, seed, workers = availableParallelism(), say = () => {}, signal } = options;
  requireCount("runs", runs, 1);
  requireCount("seed", seed, 0);
  requireCount("workers", workers, 1);
  if (seed > Number.MAX_SAFE_INTEGER - runs) throw new InvalidSimulation("seed", "one that leaves room for all runs");

  let result: SimulationResult = { ...noCounts(), failures: [] };
  const done = (batch: SimulationResult) => {
    result = joined(result, batch);
    if (result.runs % RUNS_BETWEEN_LINES < batch.runs && result.runs < runs) {
      say(`${result.runs} of ${runs} runs, ${result.failures.length} failed`);
    }
  };
  say(`Seeds ${seed} to ${seed + runs - 1}`);
  const crew = Math.min(workers, Math.ceil(runs / BATCH));
  const take = batchesOf(options);
  if (crew === 1) await workHere(take, done);
  else await workThrough(crew, take, done);
  signal?.throwIfAborted();
  for (const line of summaryOf(result)) say(line);
  return result;
}

/** The result for people to read. */
export function summaryOf({ failures, ...counts }: SimulationResult): string[] {
  return [
    `${counts.runs} runs: ${counts.heights} heights decided, ${counts.laterRounds} of them after their first round, ${counts.repeatedProposals} with a value proposed again`,
    `${counts.lockChanges} changes of lock, ${counts.crashes} crashes, ${counts.restarts} restarts, ${counts.equivocations} equivocations seen, ${counts.messagesLost} messages lost`,
    ...failures.map(({ seed, failure }) => `FAILED seed ${seed}: ${failure} (replay it with --runs 1 --seed ${seed})`),
    failures.length === 0 ? "All runs kept every property." : `${failures.length} of ${counts.runs} runs FAILED.`,
  ];
}

function batchesOf({ runs, seed, without, signal }: RunSimulationOptions): () => SimulationOptions | undefined {
  let begun = 0;
  return () => {
    if (begun >= runs || signal?.aborted === true) return undefined;
    const batch = { runs: Math.min(BATCH, runs - begun), seed: seed + begun };
    begun += batch.runs;
    return without === undefined ? batch : { ...batch, without };
  };
}

async function workHere(
  take: () => SimulationOptions | undefined,
  done: (result: SimulationResult) => void,
): Promise<void> {
  for (let batch = take(); batch !== undefined; batch = take()) {
    done(simulate(batch));
    await setImmediate();
  }
}

function requireCount(field: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new InvalidSimulation(field, `a whole number from ${least} to ${Number.MAX_SAFE_INTEGER}`);
  }
}
