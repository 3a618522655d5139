import { Draw } from "../fixtures/draw.js";
import { csvOf } from "./csv.js";
import type { Figure } from "./figure.js";
import { benefits } from "./figures/benefits.js";
import { clearing } from "./figures/clearing.js";
import { tenConsumers } from "./figures/consumers.js";
import { misreport } from "./figures/misreport.js";
import { periods } from "./figures/periods.js";
import { priceAndDemand } from "./figures/priceAndDemand.js";
import { utilityByAlpha } from "./figures/utilityByAlpha.js";
import { welfareLoss } from "./figures/welfareLoss.js";
import { loadRenderer } from "./render.js";
import { jsonOf, type Summary, summaryOf } from "./summary.js";

/** What to simulate, and where it goes. */
export interface SimulationOptions {
  /** Of all that is drawn by chance: a whole number from 0 to 2^53 - 1. */
  readonly seed: number;
  /** Gets each file. @param name of the file, without a folder. */
  readonly write: (name: string, content: string | Uint8Array) => Promise<void>;
  /** Gets each line of progress. */
  readonly say?: (line: string) => void;
  /** Aborted, it ends the simulation between two figures, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What a simulation found and wrote. */
export interface SimulationResult {
  readonly files: readonly string[];
  readonly summary: Summary;
}

/** The seed of the figures in docs/figures. */
export const committedSeed = 1;

/** Every figure with its numbers, not drawn yet. @throws {InvalidSeedError} */
export function figuresOf(seed: number): Figure[] {
  const draw = new Draw(seed);
  return [
    ...priceAndDemand(),
    ...benefits(),
    ...utilityByAlpha(),
    ...tenConsumers(draw),
    welfareLoss(),
    misreport(),
    ...periods(draw),
    ...clearing(draw),
  ];
}

/**
 * Plays the pricing game of the paper's section IV, and writes each figure as CSV, SVG and PNG, and `summary.json` with the
 * numbers that docs/pricing.md states. The same seed gives the same bytes.
 *
 * @throws {InvalidSeedError | PlottingPackageMissing} before anything is written.
 */
export async function runSimulation({
  seed,
  write,
  say = () => {},
  signal,
}: SimulationOptions): Promise<SimulationResult> {
  const render = await loadRenderer();
  say(`Seed ${seed}`);
  const figures = figuresOf(seed);
  const files: string[] = [];
  const put = async (name: string, content: string | Uint8Array) => {
    await write(name, content);
    files.push(name);
  };
  for (const [index, { name, rows, spec }] of figures.entries()) {
    signal?.throwIfAborted();
    say(`${index + 1} of ${figures.length}: ${name}`);
    const { svg, png } = await render(spec);
    await put(`${name}.csv`, csvOf(rows));
    await put(`${name}.svg`, svg);
    await put(`${name}.png`, png);
  }
  signal?.throwIfAborted();
  say("Summary");
  const summary = summaryOf(seed, new Draw(seed));
  await put("summary.json", jsonOf(summary));
  return { files, summary };
}
