import type { Data, Mark, Spec } from "vega";
import type { Row } from "../csv.js";
import { axis, numbers, type Side } from "./axis.js";
import { frame, type Series, table } from "./frame.js";
import { type Point, pointMarks } from "./points.js";
import { type Rule, ruleMarks } from "./rules.js";

/** A figure of lines over one axis. */
export interface LineChart {
  readonly title: string;
  readonly subtitle: string;
  readonly rows: readonly Row[];
  readonly x: Side & { readonly field: string };
  readonly y: Side;
  readonly series: readonly Series[];
  readonly points?: readonly Point[];
  readonly rules?: readonly Rule[];
}

/** The specification of a figure of lines. */
export function lineChart(chart: LineChart): Spec {
  const { rows, x, y, series, points = [], rules = [] } = chart;
  return frame(chart, series, {
    data: [table("table", rows), ...series.flatMap(ownRows), table("points", points)],
    scales: [
      numbers("x", x, "width", { data: "table", field: x.field }),
      numbers("y", y, "height", { fields: series.map(({ field }) => ({ data: "table", field })) }),
    ],
    axes: [axis("bottom", "x", x), axis("left", "y", y)],
    marks: [...ruleMarks(rules), ...series.map((line) => lineMark(line, x.field)), ...pointMarks()],
    symbol: "stroke",
  });
}

function lineMark({ field, color, dash, only, steps = false }: Series, x: string): Mark {
  return {
    type: "line",
    from: { data: sourceOf(only) },
    encode: {
      enter: {
        x: { scale: "x", field: x },
        y: { scale: "y", field },
        stroke: { value: color },
        strokeWidth: { value: 3 },
        strokeDash: { value: [...(dash ?? [])] },
        interpolate: { value: steps ? "step-after" : "linear" },
      },
    },
  };
}

function ownRows({ only }: Series): Data[] {
  if (only === undefined) return [];
  const expr = `datum.series === ${JSON.stringify(only)}`;
  return [{ name: sourceOf(only), source: "table", transform: [{ type: "filter", expr }] }];
}

function sourceOf(only: string | undefined): string {
  return only === undefined ? "table" : `rows of ${only}`;
}
