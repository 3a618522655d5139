import { equilibrium } from "../../../src/market/pricing.js";
import { profitOf, reservationPrice, utilityOf } from "../../../src/market/pricingGains.js";
import type { Draw } from "../../fixtures/draw.js";
import { barChart } from "../chart/barChart.js";
import { COLORS } from "../chart/style.js";
import { type Consumer, drawConsumers, type Ranges, TABLE_TWO, termsOf } from "../consumers.js";
import type { Figure } from "../figure.js";
import { unitsOf } from "../wad.js";

/** The paper's number of consumers. */
export const COUNT = 10;

/** Small minimum demands and a low ceiling, where each consumer gets a price of its own. */
export const SMALL_MINIMUM = {
  lambdaMax: 100,
  ranges: { alpha: [10_001, 11_000], c: [60, 400], dMin: [5, 40] },
} as const satisfies { lambdaMax: number; ranges: Ranges };

/** What one consumer gets when the provider names a price for each. */
export type Served = ReturnType<typeof serve>;

/** Algorithm 1's outer loop: one provider serves ten consumers, each at a price of its own. */
export function tenConsumers(draw: Draw): Figure[] {
  return [tableTwoFigure(servedInTableTwo(draw)), smallMinimumFigure(servedWithSmallMinimum(draw))];
}

/** Ten consumers of Table II. */
export function servedInTableTwo(draw: Draw): Served[] {
  return drawConsumers(draw, "consumers", COUNT, TABLE_TWO.ranges).map((one, index) =>
    serve(one, index, TABLE_TWO.lambdaMax),
  );
}

/** Ten consumers with small minimum demands. */
export function servedWithSmallMinimum(draw: Draw): Served[] {
  const { ranges, lambdaMax } = SMALL_MINIMUM;
  return drawConsumers(draw, "small minimum", COUNT, ranges).map((one, index) => serve(one, index, lambdaMax));
}

function serve(consumer: Consumer, index: number, lambdaMax: number) {
  const terms = termsOf(consumer, { lambdaMax });
  const { lambda, d, regime } = equilibrium(terms);
  return {
    consumer: index + 1,
    ...consumer,
    price: unitsOf(lambda),
    demand: unitsOf(d),
    regime,
    profit: unitsOf(profitOf(terms, lambda)),
    utility: unitsOf(utilityOf(terms, lambda)),
    reservationPrice: unitsOf(reservationPrice(terms, 0n)),
  };
}

function tableTwoFigure(rows: Served[]): Figure {
  const spec = barChart({
    title: "Ten consumers of Table II: what each would pay, and what each is asked",
    subtitle:
      "The highest price at which a consumer loses nothing, against the one price that the game ends at for all",
    rows,
    x: { field: "consumer", title: "Consumer" },
    y: { title: "Price (coin per record)", domain: [0, 1100] },
    series: [
      { label: "equilibrium price", field: "price", color: COLORS.vermilion },
      { label: "price at which the utility is 0", field: "reservationPrice", color: COLORS.green },
    ],
  });
  return { name: "consumers-table-ii", rows, spec };
}

function smallMinimumFigure(served: Served[]): Figure {
  const spec = barChart({
    title: "Ten consumers with small minimum demands: the prices differ",
    subtitle: "c 60 to 400, dMin 5 to 40, price 10 to 100. Above the bars: records taken",
    rows: served.map((row) => ({ ...row, taken: row.demand.toFixed(1) })),
    x: { field: "consumer", title: "Consumer" },
    y: { title: "Equilibrium price (coin per record)", domain: [0, 110] },
    series: [{ label: "equilibrium price", field: "price", color: COLORS.blue }],
    text: "taken",
    rules: [{ at: SMALL_MINIMUM.lambdaMax, axis: "y", text: "λmax = 100" }],
  });
  return { name: "consumers-small-minimum", rows: served, spec };
}
