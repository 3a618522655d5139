import type { PricingTerms } from "../../src/market/pricing.js";
import type { Draw } from "../fixtures/draw.js";
import { wad } from "./wad.js";

/** What a consumer of the game is, in units: satisfaction factor, factor c, and minimum demand in records. */
export interface Consumer {
  readonly alpha: number;
  readonly c: number;
  readonly dMin: number;
}

/** Bounds of a consumer's numbers, both ends included. */
export interface Ranges {
  readonly alpha: readonly [number, number];
  readonly c: readonly [number, number];
  readonly dMin: readonly [number, number];
}

/** The paper's Table II: prices and the provider's cost in coin per record, and whole consumers in its half-open ranges. */
export const TABLE_TWO = {
  lambdaMin: 10,
  lambdaMax: 1000,
  gamma: 10,
  ranges: { alpha: [10_001, 11_000], c: [101, 1000], dMin: [200, 2000] },
} as const satisfies { lambdaMin: number; lambdaMax: number; gamma: number; ranges: Ranges };

/** The middle of Table II's range of alpha. */
export const ALPHA = 10_500;

/**
 * One consumer for each shape that the game takes within Table II: A as the paper needs it for Algorithm 1 (dMin above c),
 * B and C below it, D with the largest of both. E is like C, but at a ceiling of 30 its alpha decides where the game ends.
 */
export const CASES = {
  A: { alpha: ALPHA, c: 150, dMin: 200 },
  B: { alpha: ALPHA, c: 1000, dMin: 200 },
  C: { alpha: ALPHA, c: 300, dMin: 200 },
  D: { alpha: ALPHA, c: 1000, dMin: 2000 },
  E: { alpha: ALPHA, c: 350, dMin: 200 },
} as const satisfies Record<string, Consumer>;

/** The terms of a game with this consumer; the provider's cost and the bounds of the price default to Table II's. */
export function termsOf(consumer: Consumer, bounds: { lambdaMin?: number; lambdaMax?: number } = {}): PricingTerms {
  return {
    alpha: wad(consumer.alpha),
    c: wad(consumer.c),
    dMin: wad(consumer.dMin),
    gamma: wad(TABLE_TWO.gamma),
    lambdaMin: wad(bounds.lambdaMin ?? TABLE_TWO.lambdaMin),
    lambdaMax: wad(bounds.lambdaMax ?? TABLE_TWO.lambdaMax),
  };
}

/** Consumers drawn evenly, in whole numbers. @param label keeps the draws of different figures apart. */
export function drawConsumers(draw: Draw, label: string, count: number, ranges: Ranges): Consumer[] {
  return Array.from({ length: count }, (_, index) => ({
    alpha: draw.integer(`${label}/${index}/alpha`, ...ranges.alpha),
    c: draw.integer(`${label}/${index}/c`, ...ranges.c),
    dMin: draw.integer(`${label}/${index}/dMin`, ...ranges.dMin),
  }));
}
