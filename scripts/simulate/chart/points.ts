import type { Mark } from "vega";
import { COLORS } from "./style.js";

/** A point that the figure names. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly color: string;
  /** Where the text stands, seen from the point. */
  readonly side: "left" | "right";
  /** Pixels that the text stands below the point; above it if negative. */
  readonly shift?: number;
}

/** The points of the data `points`, each with its text. */
export function pointMarks(): Mark[] {
  const at = { x: { scale: "x", field: "x" }, y: { scale: "y", field: "y" } } as const;
  const left = "datum.side === 'left'";
  return [
    {
      type: "symbol",
      from: { data: "points" },
      encode: {
        enter: {
          ...at,
          size: { value: 170 },
          fill: { field: "color" },
          stroke: { value: "white" },
          strokeWidth: { value: 2 },
        },
      },
    },
    {
      type: "text",
      from: { data: "points" },
      encode: {
        enter: {
          ...at,
          text: { field: "text" },
          dx: { signal: `${left} ? -14 : 14` },
          dy: { signal: "datum.shift || 0" },
          align: { signal: `${left} ? 'right' : 'left'` },
          baseline: { value: "middle" },
          fontSize: { value: 16 },
          fill: { value: COLORS.black },
        },
      },
    },
  ];
}
