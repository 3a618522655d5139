import type { Ablation } from "./ablation.js";
import { type Counts, noCounts, sumOf } from "./counts.js";
import { run } from "./run.js";

/** Which runs, and what the protocol is run without. */
export interface SimulationOptions {
  /** At least 1. */
  readonly runs: number;
  /** Of the first run; each further run has the next one. From 0 on; seed + runs is below 2^53. */
  readonly seed: number;
  readonly without?: Ablation;
}

/** A run in which a property did not hold. */
export interface FailedRun {
  readonly seed: number;
  readonly failure: string;
}

/** What the runs had in them, and those that failed. */
export interface SimulationResult extends Counts {
  readonly failures: readonly FailedRun[];
}

/** Runs the protocol under the schedules of these seeds. */
export function simulate({ runs, seed, without }: SimulationOptions): SimulationResult {
  let counts = noCounts();
  const failures: FailedRun[] = [];
  for (let at = seed; at < seed + runs; at++) {
    const outcome = run(at, without);
    counts = sumOf(counts, outcome.counts);
    if (outcome.failure !== undefined) failures.push({ seed: at, failure: outcome.failure });
  }
  return { ...counts, failures };
}

/** The results of two ranges of runs, together. */
export function joined(a: SimulationResult, b: SimulationResult): SimulationResult {
  return { ...sumOf(a, b), failures: [...a.failures, ...b.failures].sort((x, y) => x.seed - y.seed) };
}
