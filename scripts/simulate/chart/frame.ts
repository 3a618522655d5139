import type { Axis, Data, Legend, Mark, Scale, Spec } from "vega";
import { FONT } from "./style.js";

const WIDTH = 1200;
const HEIGHT = 720;

/** What the legend explains: a line of its own colour and dashes. */
export interface Series {
  readonly label: string;
  readonly field: string;
  readonly color: string;
  readonly dash?: readonly number[];
  /** Only the rows whose field `series` says this. */
  readonly only?: string;
  /** Keeps its value until the next row. */
  readonly steps?: boolean;
}

/** What differs between the kinds of figures. */
interface Parts {
  readonly data: Data[];
  readonly scales: Scale[];
  readonly axes: Axis[];
  readonly marks: Mark[];
  readonly symbol: "stroke" | "square";
}

/** Size, font, title and legend, which all figures share. */
export function frame(
  { title, subtitle }: { readonly title: string; readonly subtitle: string },
  series: readonly Series[],
  { symbol, scales, ...parts }: Parts,
): Spec {
  const domain = series.map(({ label }) => label);
  return {
    $schema: "https://vega.github.io/schema/vega/v6.json",
    width: WIDTH,
    height: HEIGHT,
    autosize: { type: "fit", contains: "padding" },
    padding: 24,
    background: "white",
    config: { title: { font: FONT, subtitleFont: FONT }, text: { font: FONT } },
    title: {
      text: title,
      subtitle,
      anchor: "start",
      fontSize: 24,
      subtitleFontSize: 16,
      subtitlePadding: 8,
      offset: 18,
    },
    ...parts,
    scales: [
      ...scales,
      { name: "color", type: "ordinal", domain, range: series.map(({ color }) => color) },
      { name: "dash", type: "ordinal", domain, range: series.map(({ dash = [1, 0] }) => [...dash]) },
    ],
    legends: [legend(symbol)],
  };
}

/** Rows by the name under which scales and marks find them. */
export function table(name: string, rows: readonly object[]): Data {
  return { name, values: rows.map((row) => ({ ...row })) };
}

function legend(symbol: "stroke" | "square"): Legend {
  const shape = symbol === "stroke" ? ({ stroke: "color", strokeDash: "dash" } as const) : ({ fill: "color" } as const);
  return {
    ...shape,
    symbolType: symbol,
    symbolSize: symbol === "stroke" ? 900 : 240,
    symbolStrokeWidth: symbol === "stroke" ? 3 : 0,
    orient: "bottom",
    direction: "horizontal",
    columns: 2,
    labelFont: FONT,
    labelFontSize: 16,
    labelLimit: 0,
    columnPadding: 28,
    rowPadding: 6,
    offset: 16,
  };
}
