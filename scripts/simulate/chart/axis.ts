import type { Axis, Scale } from "vega";
import { FONT } from "./style.js";

/** An axis: what it measures, with its unit. */
export interface Side {
  readonly title: string;
  readonly type?: "linear" | "log";
  readonly domain?: readonly [number, number];
  readonly values?: readonly number[];
  readonly format?: string;
  readonly zero?: boolean;
}

/** A scale of numbers: given bounds, or round ones around the data. */
export function numbers(name: string, side: Side, range: "width" | "height", domain: Scale["domain"]): Scale {
  const { type = "linear", zero = false } = side;
  return {
    name,
    type,
    range,
    domain: side.domain === undefined ? domain : [...side.domain],
    nice: side.domain === undefined && type === "linear",
    ...(type === "linear" ? { zero } : {}),
  } as Scale;
}

/** An axis of numbers with a grid. */
export function axis(
  orient: "bottom" | "left",
  scale: "x" | "y",
  side: Partial<Side> & { readonly title: string },
): Axis {
  return {
    orient,
    scale,
    title: side.title,
    ...(side.values === undefined ? {} : { values: [...side.values] }),
    format: side.format ?? ",.0f",
    grid: true,
    gridColor: "#E4E4E4",
    domainColor: "#666666",
    tickColor: "#666666",
    labelFont: FONT,
    labelFontSize: 15,
    titleFont: FONT,
    titleFontSize: 17,
    titleFontWeight: "normal",
    titlePadding: 12,
    labelOverlap: true,
  };
}

/** The axis of names below bars. */
export function nameAxis(title: string): Axis {
  const { format: _, ...rest } = axis("bottom", "x", { title });
  return { ...rest, grid: false, labelLimit: 0 };
}
