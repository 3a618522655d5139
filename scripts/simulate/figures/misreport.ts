import { demandAt, equilibrium } from "../../../src/market/pricing.js";
import { paymentOf, satisfactionOf } from "../../../src/market/pricingGains.js";
import { lineChart } from "../chart/lineChart.js";
import { COLORS } from "../chart/style.js";
import { ALPHA, CASES, type Consumer, TABLE_TWO, termsOf } from "../consumers.js";
import type { Figure } from "../figure.js";
import { steps } from "../sweep.js";
import { unitsOf } from "../wad.js";

/** A consumer whose optimum is interior over a wide range of what it may say. */
export const LIAR: Consumer = { alpha: ALPHA, c: 200, dMin: 10 };

/** The highest price that it can be asked. */
export const LIAR_CEILING = 100;

/** What it says, as a part of the truth. */
export const REPORTS = steps(0.4, 1.6, 0.01);

/** What a consumer gains by saying another alpha than it has. */
export function misreport(): Figure {
  const rows = REPORTS.map((report) => {
    const { asReported, freely } = gainsOf(LIAR, LIAR_CEILING, report);
    return { report, asReported, freely, tableTwo: gainsOf(CASES.A, TABLE_TWO.lambdaMax, report).asReported };
  });
  const spec = lineChart({
    title: "What a consumer gains by reporting another alpha than the true one",
    subtitle:
      "alpha 10,500, c 200, dMin 10, gamma 10, price 10 to 100; consumer A: price and amount are at their bounds",
    rows,
    x: { field: "report", title: "Reported alpha ÷ true alpha", format: ".1f", domain: [0.4, 1.6] },
    y: { title: "Utility gained over the truth (coin)" },
    series: [
      { label: "it gets the amount for what it said", field: "asReported", color: COLORS.blue },
      { label: "only the price follows what it said", field: "freely", color: COLORS.green },
      { label: "consumer A of Table II", field: "tableTwo", color: COLORS.grey, dash: [8, 6] },
    ],
    rules: [{ at: 1, axis: "x", text: "the truth" }],
  });
  return { name: "misreport", rows, spec };
}

/**
 * The gain over the truth when the price follows the report: with the amount that the report brings, and with the amount
 * that the consumer then really wants.
 */
export function gainsOf(consumer: Consumer, lambdaMax: number, report: number) {
  const truth = termsOf(consumer, { lambdaMax });
  const said = equilibrium(termsOf({ ...consumer, alpha: consumer.alpha * report }, { lambdaMax }));
  const utility = (lambda: bigint, d: bigint) => satisfactionOf(truth, d) - paymentOf(lambda, d);
  const honest = equilibrium(truth);
  const honestUtility = utility(honest.lambda, honest.d);
  return {
    asReported: unitsOf(utility(said.lambda, said.d) - honestUtility),
    freely: unitsOf(utility(said.lambda, demandAt(truth, said.lambda)) - honestUtility),
  };
}
