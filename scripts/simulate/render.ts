import { fileURLToPath } from "node:url";
import type { Spec } from "vega";
import { FONT } from "./chart/style.js";

/** A package that only draws is not installed. */
export class PlottingPackageMissing extends Error {
  override readonly name = "PlottingPackageMissing";

  constructor(packageName: string, options?: ErrorOptions) {
    super(
      `The package ${packageName} is missing, which draws the figures: install it with npm install --save-dev ${PACKAGES}.`,
      options,
    );
  }
}

/** A figure as it is written into files. */
export interface Drawing {
  readonly svg: string;
  readonly png: Uint8Array;
}

const PACKAGES = "vega@6.4.0 @resvg/resvg-js@2.6.2 dejavu-fonts-ttf@2.37.3";
const FACES = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"];

/**
 * Loads what draws, which a project that only uses the library need not install.
 *
 * @returns draws one specification; the same one always gives the same bytes.
 * @throws {PlottingPackageMissing}
 */
export async function loadRenderer(): Promise<(spec: Spec) => Promise<Drawing>> {
  const vega = await installed("vega", () => import("vega"));
  const { Resvg } = await installed("@resvg/resvg-js", () => import("@resvg/resvg-js"));
  const fontFiles = await installed("dejavu-fonts-ttf", async () =>
    FACES.map((face) => fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${face}`))),
  );
  const font = { loadSystemFonts: false, fontFiles, defaultFontFamily: FONT };
  return async (spec) => {
    const svg = await new vega.View(vega.parse(spec), { renderer: "none" }).toSVG();
    return { svg: `${svg}\n`, png: new Resvg(svg, { font }).render().asPng() };
  };
}

/** Loads a package. @throws {PlottingPackageMissing} */
export async function installed<Module>(packageName: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    throw new PlottingPackageMissing(packageName, { cause: error });
  }
}
