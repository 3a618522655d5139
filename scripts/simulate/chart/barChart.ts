import type { Mark, Spec } from "vega";
import type { Row } from "../csv.js";
import { axis, nameAxis, numbers, type Side } from "./axis.js";
import { frame, type Series, table } from "./frame.js";
import { type Rule, ruleMarks } from "./rules.js";
import { COLORS } from "./style.js";

/** A figure of one bar for each name. */
export interface BarChart {
  readonly title: string;
  readonly subtitle: string;
  readonly rows: readonly Row[];
  readonly x: { readonly field: string; readonly title: string };
  readonly y: Side;
  /** Bars of one name stand beside each other. */
  readonly series: readonly Series[];
  /** Field with what is written above the bars. */
  readonly text?: string;
  readonly rules?: readonly Rule[];
}

/** The specification of a figure of bars. */
export function barChart(chart: BarChart): Spec {
  const { rows, x, y, series, rules = [] } = chart;
  const fields = series.map(({ field }) => field);
  return frame(chart, series, {
    data: [table("table", rows)],
    scales: [
      {
        name: "x",
        type: "band",
        domain: { data: "table", field: x.field },
        range: "width",
        paddingInner: 0.25,
        paddingOuter: 0.15,
      },
      { name: "within", type: "band", domain: fields, range: { signal: "[0, bandwidth('x')]" }, paddingInner: 0.08 },
      numbers("y", { zero: true, ...y }, "height", { fields: fields.map((field) => ({ data: "table", field })) }),
    ],
    axes: [nameAxis(x.title), axis("left", "y", y)],
    marks: [...series.map((bar) => barMark(bar, x.field)), ...barTexts(chart), ...ruleMarks(rules)],
    symbol: "square",
  });
}

function barMark({ field, color }: Series, x: string): Mark {
  return {
    type: "rect",
    from: { data: "table" },
    encode: {
      enter: {
        x: { scale: "x", field: x, offset: { scale: "within", value: field } },
        width: { scale: "within", band: 1 },
        y: { scale: "y", field },
        y2: { scale: "y", value: 0 },
        fill: { value: color },
      },
    },
  };
}

function barTexts({ text, x, series }: BarChart): Mark[] {
  const [first] = series;
  if (text === undefined || first === undefined) return [];
  return [
    {
      type: "text",
      from: { data: "table" },
      encode: {
        enter: {
          x: { scale: "x", field: x.field, band: 0.5 },
          y: { scale: "y", field: first.field, offset: -8 },
          text: { field: text },
          align: { value: "center" },
          baseline: { value: "alphabetic" },
          fontSize: { value: 14 },
          fill: { value: COLORS.black },
        },
      },
    },
  ];
}
