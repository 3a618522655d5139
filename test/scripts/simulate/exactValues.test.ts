import { readFileSync } from "node:fs";
import { expect } from "chai";
import { CASES, termsOf } from "../../../scripts/simulate/consumers.js";
import { atAlpha } from "../../../scripts/simulate/figures/utilityByAlpha.js";
import { atPrice } from "../../../scripts/simulate/sweep.js";

/** Values that were computed elsewhere, by name. */
function rowsOf(file: string): Record<string, string>[] {
  const text = readFileSync(new URL(`../../data/pricing/${file}`, import.meta.url), "utf8");
  const [names = [], ...lines] = text
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  return lines.map((cells) => Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""])));
}

/** The last digits of the values are rounded, and a sum of large numbers that cancel keeps their error. */
function expectClose(actual: number, expected: string | undefined, what: string): void {
  expect(Math.abs(actual - Number(expected)) <= 1e-8, `${what}: ${actual} instead of ${expected}`).to.equal(true);
}

describe("the simulation against values that were computed elsewhere", () => {
  for (const row of rowsOf("fig5_6.csv")) {
    it(`Figs. 5 and 6, consumer ${row.case} at price ${row.lambda}`, () => {
      const at = atPrice(termsOf(CASES[row.case as keyof typeof CASES]), Number(row.lambda));
      expectClose(at.demand, row.d_constrained, "demand");
      expectClose(at.demandEq10, row.d_eq10, "demand of eq. (10)");
      expectClose(at.profit, row.rL, "profit");
      expectClose(at.utility, row.rF, "utility");
      expectClose(at.welfare, row.total, "welfare");
      expectClose(at.profitEq10, row.rL_eq10, "profit of eq. (11)");
      expectClose(at.utilityEq10, row.rF_eq10, "utility with eq. (10)");
    });
  }

  for (const row of rowsOf("fig7.csv")) {
    it(`Fig. 7, consumer ${row.case} with alpha ${row.alpha} below ${row.lmax}`, () => {
      const at = atAlpha(row.case as "A" | "B" | "C", Number(row.alpha), Number(row.lmax));
      expectClose(at.price, row.lambda, "price");
      expectClose(at.demand, row.d, "demand");
      expectClose(at.utility, row.rF, "utility");
      expectClose(at.welfare, row.welfare, "welfare");
    });
  }
});
