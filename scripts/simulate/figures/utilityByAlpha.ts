import { equilibrium } from "../../../src/market/pricing.js";
import { utilityOf, welfareOf } from "../../../src/market/pricingGains.js";
import { lineChart } from "../chart/lineChart.js";
import { COLORS } from "../chart/style.js";
import { CASES, TABLE_TWO, termsOf } from "../consumers.js";
import type { Figure } from "../figure.js";
import { steps } from "../sweep.js";
import { unitsOf } from "../wad.js";

/** A ceiling at which each of the figure's consumers ends in another part of the game. */
export const CEILING = 30;

const ALPHAS = steps(10_020, 11_000, 20);
const COLOR = { A: COLORS.blue, B: COLORS.orange, C: COLORS.green, E: COLORS.vermilion };

type Name = keyof typeof COLOR;

const NAMES: readonly Name[] = ["A", "B", "C", "E"];

/** Fig. 7: what consumers with different alpha gain at the equilibrium. */
export function utilityByAlpha(): Figure[] {
  return [
    figureOf("fig7-table-ii", TABLE_TWO.lambdaMax, "Table II: price 10 to 1,000, dMin 200, gamma 10"),
    figureOf("fig7-ceiling-30", CEILING, "Ceiling 30: price 10 to 30, dMin 200, gamma 10"),
  ];
}

/** A consumer's equilibrium, for one value of alpha. */
export function atAlpha(name: Name, alpha: number, lambdaMax: number) {
  const terms = termsOf({ ...CASES[name], alpha }, { lambdaMax });
  const { lambda, d, regime } = equilibrium(terms);
  return {
    series: name,
    alpha,
    price: unitsOf(lambda),
    demand: unitsOf(d),
    regime,
    utility: unitsOf(utilityOf(terms, lambda)),
    welfare: unitsOf(welfareOf(terms, lambda)),
  };
}

function figureOf(name: string, lambdaMax: number, subtitle: string): Figure {
  const rows = NAMES.flatMap((consumer) => ALPHAS.map((alpha) => atAlpha(consumer, alpha, lambdaMax)));
  const spec = lineChart({
    title: "Fig. 7: consumers' utility at the equilibrium, by alpha",
    subtitle,
    rows,
    x: { field: "alpha", title: "Factor alpha", domain: [10_000, 11_000] },
    y: { title: "Utility at the equilibrium (coin)" },
    series: NAMES.map((consumer) => ({
      label: `${consumer}: c = ${CASES[consumer].c}`,
      field: "utility",
      color: COLOR[consumer],
      only: consumer,
    })),
  });
  return { name, rows, spec };
}
