import type { Spec } from "vega";
import type { Row } from "./csv.js";

/** A figure: the file name without ending, the numbers, and how they are drawn. */
export interface Figure {
  readonly name: string;
  readonly rows: readonly Row[];
  readonly spec: Spec;
}
