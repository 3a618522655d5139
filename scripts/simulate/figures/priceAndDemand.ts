import type { Side } from "../chart/axis.js";
import { lineChart } from "../chart/lineChart.js";
import type { Rule } from "../chart/rules.js";
import { COLORS } from "../chart/style.js";
import type { Figure } from "../figure.js";
import { interior, type Setting, solved, tableTwo } from "../settings.js";
import { sweep } from "../sweep.js";
import { unitsOf } from "../wad.js";

/** Fig. 5: what one consumer takes at a price, and where the game ends. */
export function priceAndDemand(): Figure[] {
  return [tableTwo, interior].map(figureOf);
}

function figureOf(setting: Setting): Figure {
  const rows = sweep(setting.terms, setting.prices).map(({ price, demand, demandEq10 }) => ({
    price,
    demand,
    demandEq10,
  }));
  const { lambda, d } = solved(setting);
  const [price, demand] = [unitsOf(lambda), unitsOf(d)];
  const spec = lineChart({
    title: `Fig. 5: price and demand of one consumer. ${setting.title}`,
    subtitle: setting.subtitle,
    rows,
    x: { field: "price", ...priceAxis(setting) },
    y: { title: "Demand d (records)", zero: true },
    series: [
      { label: "demand with d ≥ dMin", field: "demand", color: COLORS.blue },
      { label: "demand of eq. (10), as printed", field: "demandEq10", color: COLORS.vermilion, dash: [8, 6] },
    ],
    points: [
      {
        x: price,
        y: demand,
        text: `equilibrium: price ${price.toFixed(2)}, ${demand.toFixed(1)} records`,
        color: COLORS.black,
        side: setting.name === "table-ii" ? "left" : "right",
        shift: -22,
      },
    ],
    rules: ceilingRule(setting),
  });
  return { name: `fig5-${setting.name}`, rows, spec };
}

/** The price's axis of figures 5 and 6. */
export function priceAxis({ name }: Setting): Side {
  const title = "Price λ (coin per record)";
  return name === "table-ii"
    ? { title: `${title}, logarithmic`, type: "log", domain: [10, 1000], values: [10, 20, 50, 100, 200, 500, 1000] }
    : { title, domain: [10, 60] };
}

/** Marks the ceiling where the curves go on behind it. */
export function ceilingRule({ name, ceiling }: Setting): Rule[] {
  return name === "table-ii" ? [] : [{ at: ceiling, axis: "x", text: `λmax = ${ceiling}` }];
}
