import { demandOf, supplyOf } from "../../../src/market/clearing.js";
import type { Draw } from "../../fixtures/draw.js";
import { barChart } from "../chart/barChart.js";
import { lineChart } from "../chart/lineChart.js";
import { COLORS, whole } from "../chart/style.js";
import { bidsOf, clearedMarket, OFFERS } from "../clearedMarket.js";
import type { Figure } from "../figure.js";
import { steps } from "../sweep.js";
import { unitsOf, wad } from "../wad.js";

const PRICES = [...steps(10, 49.75, 0.25), ...steps(50, 220, 1)];

/** Problem C: several providers with capacities, and one price at which supply meets demand. */
export function clearing(draw: Draw): Figure[] {
  return [priceFigure(draw), welfareFigure(draw)];
}

function priceFigure(draw: Draw): Figure {
  const bids = bidsOf(draw);
  const rows = PRICES.map((price) => ({
    price,
    demand: unitsOf(demandOf(bids, wad(price), 0)),
    supply: unitsOf(supplyOf(OFFERS, wad(price))),
  }));
  const { price, sold } = clearedMarket(draw);
  const spec = lineChart({
    title: "Problem C: supply and demand of ten consumers and six providers",
    subtitle: "Consumers of Table II, each up to the price at which its utility is 0; 2,500 records from each provider",
    rows,
    x: {
      field: "price",
      title: "Price μ (coin per record), logarithmic",
      type: "log",
      domain: [10, 220],
      values: [10, 15, 20, 30, 40, 60, 100, 200],
    },
    y: { title: "Records", zero: true },
    series: [
      { label: "demand at this price", field: "demand", color: COLORS.blue },
      { label: "supply at this price", field: "supply", color: COLORS.green, steps: true },
    ],
    points: [
      {
        x: price,
        y: sold,
        text: `clearing: price ${price.toFixed(2)}, ${whole(sold)} records`,
        color: COLORS.black,
        side: "right",
        shift: -20,
      },
    ],
  });
  return { name: "clearing-price", rows, spec };
}

function welfareFigure(draw: Draw): Figure {
  const { welfare, best, equilibriumWelfare } = clearedMarket(draw);
  const rows = [
    { outcome: "equilibrium: everybody takes dMin", welfare: equilibriumWelfare },
    { outcome: "clearing at one price", welfare },
    { outcome: "first best, at most", welfare: best },
  ].map((row) => ({ ...row, text: whole(row.welfare) }));
  const spec = barChart({
    title: "Problem C: welfare of equilibrium, clearing, and first best",
    subtitle: "Ten consumers of Table II, six providers with costs 10 to 40",
    rows,
    x: { field: "outcome", title: "Outcome" },
    y: { title: "Welfare (coin)" },
    series: [{ label: "welfare: consumers and providers together", field: "welfare", color: COLORS.orange }],
    text: "text",
  });
  return { name: "clearing-welfare", rows: rows.map(({ text: _, ...row }) => row), spec };
}
