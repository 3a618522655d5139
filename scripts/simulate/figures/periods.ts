import type { Draw } from "../../fixtures/draw.js";
import type { Series } from "../chart/frame.js";
import { lineChart } from "../chart/lineChart.js";
import type { Rule } from "../chart/rules.js";
import { COLORS } from "../chart/style.js";
import { ALPHA } from "../consumers.js";
import type { Figure } from "../figure.js";
import { type Period, playMarket } from "../market.js";
import { FIRST_C, INSTITUTIONS, marketSetting } from "../marketSetting.js";
import { unitsOf } from "../wad.js";

const EVENTS: readonly Rule[] = [
  { at: 9, axis: "x", text: "B joins" },
  { at: 17, axis: "x", text: "C joins" },
  { at: 33, axis: "x", text: "A leaves" },
  { at: 49, axis: "x", text: "D joins" },
];

const COLOR = { A: COLORS.blue, B: COLORS.orange, C: COLORS.green, D: COLORS.purple };
const SUBTITLE = "k = 1/4, expected demand 160 % of the records on sale, 40 consumers";
const X = { field: "period", title: "Period", domain: [1, 64], values: [1, 8, 16, 24, 32, 40, 48, 56, 64] } as const;

/** Several periods, in which institutions join and leave. */
export function periods(draw: Draw): Figure[] {
  const played = playMarket(marketSetting(draw));
  return [pricesFigure(played), demandFigure(played), numbersFigure(played)];
}

/** What a record cost on average in a period, in coin. */
export function averagePrice({ payments, demand }: Period): number {
  return unitsOf(payments) / Number(demand);
}

function pricesFigure(played: readonly Period[]): Figure {
  const ceilings = played.flatMap(({ period, datasets }) =>
    datasets.map(({ institution, ceiling }) => ({ series: institution, period, price: unitsOf(ceiling) })),
  );
  const averages = played.map((one) => ({ series: "average", period: one.period, price: averagePrice(one) }));
  const rows = [...ceilings, ...averages];
  const series: Series[] = [
    { label: "average price paid", field: "price", color: COLORS.black, only: "average" },
    ...INSTITUTIONS.map(({ name }) => ({
      label: `ceiling of ${name}`,
      field: "price",
      color: COLOR[name],
      dash: [8, 6],
      only: name,
    })),
  ];
  const spec = lineChart({
    title: "Prices from period to period, while institutions join and leave",
    subtitle: SUBTITLE,
    rows,
    x: X,
    y: { title: "Price (coin per record)", zero: true },
    series,
    rules: EVENTS,
  });
  return { name: "periods-prices", rows, spec };
}

function demandFigure(played: readonly Period[]): Figure {
  const rows = played.map(({ period, supply, demand, datasets }) => ({
    period,
    supply: Number(supply),
    expected: Number(datasets.reduce((sum, { target }) => sum + target, 0n)),
    demand: Number(demand),
  }));
  const spec = lineChart({
    title: "Records on sale, expected and ordered, from period to period",
    subtitle: SUBTITLE,
    rows,
    x: X,
    y: { title: "Records in a period", zero: true },
    series: [
      { label: "ordered", field: "demand", color: COLORS.black },
      { label: "expected", field: "expected", color: COLORS.blue, dash: [8, 6], steps: true },
      { label: "on sale", field: "supply", color: COLORS.green, steps: true },
    ],
    rules: EVENTS,
  });
  return { name: "periods-demand", rows, spec };
}

function numbersFigure(played: readonly Period[]): Figure {
  const rows = played.map(({ period, alpha, c }) => ({
    period,
    alpha: unitsOf(alpha) / ALPHA,
    c: unitsOf(c) / FIRST_C,
  }));
  const spec = lineChart({
    title: "Published alpha and c from period to period",
    subtitle: "Bounds: alpha 7,000 to 14,000, c 60 to 160",
    rows,
    x: X,
    y: { title: "Part of the first period's number", format: ".0%", zero: true },
    series: [
      { label: "alpha, 10,500 at first", field: "alpha", color: COLORS.blue, steps: true },
      { label: "c, 80 at first", field: "c", color: COLORS.vermilion, steps: true },
    ],
    rules: EVENTS,
  });
  return { name: "periods-numbers", rows, spec };
}
