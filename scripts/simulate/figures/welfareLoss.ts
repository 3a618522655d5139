import { equilibrium } from "../../../src/market/pricing.js";
import { firstBest, utilityOf, welfareOf } from "../../../src/market/pricingGains.js";
import { lineChart } from "../chart/lineChart.js";
import { COLORS } from "../chart/style.js";
import { ALPHA, type Consumer, termsOf } from "../consumers.js";
import type { Figure } from "../figure.js";
import { steps } from "../sweep.js";
import { unitsOf } from "../wad.js";

const COLOR = { 200: COLORS.blue, 1000: COLORS.orange, 2000: COLORS.vermilion };
const MINIMA = [200, 1000, 2000] as const;
const COSTS = [101, ...steps(110, 1000, 10)];

/** What the equilibrium loses against the first best, over Table II's range of c. */
export function welfareLoss(): Figure {
  const rows = MINIMA.flatMap((dMin) =>
    COSTS.map((c) => ({ series: `${dMin}`, dMin, c, ...lossOf({ alpha: ALPHA, c, dMin }) })),
  );
  const spec = lineChart({
    title: "Welfare that the equilibrium loses against the first best",
    subtitle: "Table II: alpha 10,500, gamma 10, price 10 to 1,000",
    rows,
    x: { field: "c", title: "Factor c (records)", domain: [100, 1000] },
    y: { title: "Loss (part of the first best)", format: ".0%", zero: true },
    series: MINIMA.map((dMin) => ({
      label: `dMin = ${dMin}`,
      field: "loss",
      color: COLOR[dMin],
      only: `${dMin}`,
    })),
  });
  return { name: "welfare-loss", rows, spec };
}

/** The loss and the consumer's utility at the equilibrium, with Table II's bounds of the price. */
export function lossOf(consumer: Consumer) {
  const terms = termsOf(consumer);
  const { lambda, regime } = equilibrium(terms);
  const best = unitsOf(firstBest(terms).welfare);
  const welfare = unitsOf(welfareOf(terms, lambda));
  return { regime, welfare, best, loss: 1 - welfare / best, utility: unitsOf(utilityOf(terms, lambda)) };
}
