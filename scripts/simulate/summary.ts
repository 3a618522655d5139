import type { Draw } from "../fixtures/draw.js";
import { clearedMarket } from "./clearedMarket.js";
import { rounded } from "./csv.js";
import { drawnConsumers, ten } from "./findings/drawnConsumers.js";
import { algorithms, oneConsumer } from "./findings/oneConsumer.js";
import { overPeriods } from "./findings/overPeriods.js";
import { byAlpha, misreports } from "./findings/whatConsumersSay.js";

/** The numbers that docs/pricing.md states. */
export type Summary = ReturnType<typeof summaryOf>;

/** Computes them. @param seed of the draws, as the summary says it. */
export function summaryOf(seed: number, draw: Draw) {
  return {
    seed,
    ...oneConsumer(),
    algorithmOne: algorithms(),
    drawn: drawnConsumers(draw),
    ten: ten(draw),
    alpha: byAlpha(),
    misreport: misreports(),
    periods: overPeriods(draw),
    clearing: clearedMarket(draw),
  };
}

/** The summary as a JSON file, numbers to six decimals. */
export function jsonOf(summary: Summary): string {
  const round = (_: string, value: unknown) => (typeof value === "number" ? rounded(value) : value);
  return `${JSON.stringify(summary, round, 2)}\n`;
}
