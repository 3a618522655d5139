import type { Mark } from "vega";
import { COLORS } from "./style.js";

/** A value that the figure marks with a thin line across. */
export interface Rule {
  readonly at: number;
  readonly axis: "x" | "y";
  readonly text: string;
}

/** A dotted line and its text for each rule. */
export function ruleMarks(rules: readonly Rule[]): Mark[] {
  return rules.flatMap(({ axis: along, at, text }): Mark[] => {
    const [from, to, other] = along === "x" ? (["y", "y2", "height"] as const) : (["x", "x2", "width"] as const);
    const place = { [along]: { scale: along, value: at } };
    const words =
      along === "x" ? { y: { signal: "height - 8" }, dx: { value: 8 } } : { x: { value: 8 }, dy: { value: -8 } };
    return [
      {
        type: "rule",
        encode: {
          enter: {
            ...place,
            [from]: { value: 0 },
            [to]: { signal: other },
            stroke: { value: COLORS.black },
            strokeDash: { value: [3, 4] },
          },
        },
      },
      {
        type: "text",
        encode: {
          enter: {
            ...place,
            ...words,
            text: { value: text },
            align: { value: "left" },
            baseline: { value: "alphabetic" },
            fontSize: { value: 15 },
            fill: { value: COLORS.black },
          },
        },
      },
    ];
  });
}
