import { equilibrium } from "../../../src/market/pricing.js";
import { firstBest, welfareOf } from "../../../src/market/pricingGains.js";
import type { Draw } from "../../fixtures/draw.js";
import { type Consumer, drawConsumers, TABLE_TWO, termsOf } from "../consumers.js";
import { servedInTableTwo, servedWithSmallMinimum } from "../figures/consumers.js";
import { lossOf } from "../figures/welfareLoss.js";
import { steps } from "../sweep.js";
import { wad } from "../wad.js";

/** How many consumers of Table II are drawn, to say what holds for all of them. */
const COUNT = 1000;
const PRICES = [10, 11, 12, 15, 20, 30, 50, 70, ...steps(100, 1000, 100)].map(wad);

/** What holds for consumers that are drawn from all of Table II. */
export function drawnConsumers(draw: Draw) {
  const consumers = drawConsumers(draw, "drawn", COUNT, TABLE_TWO.ranges);
  const results = consumers.map(lossOf);
  const losses = results.map(({ loss }) => loss).sort((a, b) => a - b);
  return {
    count: COUNT,
    dMinAboveC: count(consumers, ({ dMin, c }) => dMin > c),
    dMinBelowC: count(consumers, ({ dMin, c }) => dMin < c),
    atBothBounds: count(consumers, isAtBothBounds),
    losing: count(results, ({ utility }) => utility < 0),
    lowestWelfare: count(consumers, hasLowestWelfare),
    leastLoss: losses[0] ?? 0,
    medianLoss: ((losses[COUNT / 2 - 1] ?? 0) + (losses[COUNT / 2] ?? 0)) / 2,
    greatestLoss: losses.at(-1) ?? 0,
    greatestUtility: Math.max(...results.map(({ utility }) => utility)),
  };
}

/** The ten consumers of the two figures. */
export function ten(draw: Draw) {
  const tableTwo = servedInTableTwo(draw);
  const small = servedWithSmallMinimum(draw);
  return {
    tableTwo: {
      lowestPrice: least(tableTwo.map(({ price }) => price)),
      lowestReservationPrice: least(tableTwo.map(({ reservationPrice }) => reservationPrice)),
      highestReservationPrice: greatest(tableTwo.map(({ reservationPrice }) => reservationPrice)),
      profit: sum(tableTwo.map(({ profit }) => profit)),
      utility: sum(tableTwo.map(({ utility }) => utility)),
    },
    smallMinimum: {
      lowestPrice: least(small.map(({ price }) => price)),
      highestPrice: greatest(small.map(({ price }) => price)),
      interior: count(small, ({ regime }) => regime === "INT"),
      atCeiling: count(small, ({ regime }) => regime === "MAX_BIND"),
    },
  };
}

function isAtBothBounds(consumer: Consumer): boolean {
  const terms = termsOf(consumer);
  const { lambda, d } = equilibrium(terms);
  return lambda === terms.lambdaMax && d === terms.dMin;
}

function hasLowestWelfare(consumer: Consumer): boolean {
  const terms = termsOf(consumer);
  const reached = welfareOf(terms, equilibrium(terms).lambda);
  return reached < firstBest(terms).welfare && PRICES.every((price) => welfareOf(terms, price) >= reached);
}

function count<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.filter(holds).length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

const least = (values: readonly number[]) => Math.min(...values);
const greatest = (values: readonly number[]) => Math.max(...values);
