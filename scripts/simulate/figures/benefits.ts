import { firstBest } from "../../../src/market/pricingGains.js";
import { lineChart } from "../chart/lineChart.js";
import type { Point } from "../chart/points.js";
import { COLORS, whole } from "../chart/style.js";
import type { Figure } from "../figure.js";
import { interior, type Setting, solved, tableTwo } from "../settings.js";
import { atPrice, sweep } from "../sweep.js";
import { unitsOf } from "../wad.js";
import { ceilingRule, priceAxis } from "./priceAndDemand.js";

/** Fig. 6: what provider, consumer and both together gain at a price. */
export function benefits(): Figure[] {
  return [tableTwo, interior].map(figureOf);
}

function figureOf(setting: Setting): Figure {
  const rows = sweep(setting.terms, setting.prices).map(({ price, profit, utility, welfare, profitEq10 }) => ({
    price,
    profit,
    utility,
    welfare,
    profitEq10,
  }));
  const spec = lineChart({
    title: `Fig. 6: benefits of one trade. ${setting.title}`,
    subtitle: `${setting.subtitle}. Black: the equilibrium`,
    rows,
    x: { field: "price", ...priceAxis(setting) },
    y: { title: "Benefit (coin)", domain: setting.name === "table-ii" ? [-160_000, 200_000] : [0, 72_000] },
    series: [
      { label: "provider's profit, eq. (1)", field: "profit", color: COLORS.blue },
      { label: "consumer's utility, eq. (3)", field: "utility", color: COLORS.green },
      { label: "welfare: both together", field: "welfare", color: COLORS.orange },
      { label: "profit of eq. (11), as printed", field: "profitEq10", color: COLORS.vermilion, dash: [8, 6] },
    ],
    points: marksOf(setting),
    rules: ceilingRule(setting),
  });
  return { name: `fig6-${setting.name}`, rows, spec };
}

function marksOf(setting: Setting): Point[] {
  const best = firstBest(setting.terms);
  const price = unitsOf(solved(setting).lambda);
  const { profit, utility, welfare } = atPrice(setting.terms, price);
  const side = setting.name === "table-ii" ? "left" : "right";
  const mark = (y: number, text: string, shift: number): Point => ({
    x: price,
    y,
    text: `${text} ${whole(y)}`,
    color: COLORS.black,
    side,
    shift,
  });
  return [
    {
      x: unitsOf(best.lambda),
      y: unitsOf(best.welfare),
      text: `first best, at price γ: ${whole(unitsOf(best.welfare))}`,
      color: COLORS.purple,
      side: "right",
      shift: -26,
    },
    mark(profit, "profit", side === "left" ? 6 : -24),
    mark(utility, "utility", side === "left" ? 0 : 26),
    mark(welfare, "welfare", -24),
  ];
}
