import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import type { Spec } from "vega";
import { InvalidSeedError } from "../../../scripts/fixtures/draw.js";
import { csvOf } from "../../../scripts/simulate/csv.js";
import { installed, loadRenderer, PlottingPackageMissing } from "../../../scripts/simulate/render.js";
import { committedSeed, figuresOf, runSimulation } from "../../../scripts/simulate/simulate.js";
import { rejection } from "../../enrolled.js";

const committed = new URL("../../../docs/figures/", import.meta.url);
const remedy = "run npm run simulate -- --output docs/figures";

describe("the figures", () => {
  const figures = figuresOf(committedSeed);

  it("in docs/figures are these and no others", () => {
    const names = figures.flatMap(({ name }) => [`${name}.csv`, `${name}.png`, `${name}.svg`]);
    expect(readdirSync(committed)).to.have.members([...names, "summary.json"]);
  });

  for (const { name, rows } of figures) {
    it(`${name} has the committed numbers`, () => {
      expect(csvOf(rows), remedy).to.equal(readFileSync(new URL(`${name}.csv`, committed), "utf8"));
    });
  }

  it("have a title, axes with units, and a legend", () => {
    for (const { name, spec } of figures) {
      const titles = (spec.axes ?? []).map(({ title }) => title);
      expect(spec, name)
        .to.have.nested.property("title.text")
        .that.matches(/^[A-Z]/);
      expect(titles, name).to.have.length(2).and.not.include(undefined);
      expect(spec.legends, name).to.have.length(1);
    }
  });

  it("depend on the seed, where they draw by chance, and on nothing else", () => {
    const csvsOf = (seed: number) => new Map(figuresOf(seed).map(({ name, rows }) => [name, csvOf(rows)]));
    const [first, second, other] = [csvsOf(7), csvsOf(7), csvsOf(8)];
    expect(second).to.deep.equal(first);
    expect(other.get("consumers-table-ii")).not.to.equal(first.get("consumers-table-ii"));
    expect(other.get("fig5-interior")).to.equal(first.get("fig5-interior"));
  });

  it("end between two figures when they are told to", async () => {
    const files: string[] = [];
    const stop = new AbortController();
    const write = async (name: string) => {
      files.push(name);
      if (name.endsWith(".csv")) stop.abort(new Error("enough"));
    };
    expect(await rejection(runSimulation({ seed: 1, write, signal: stop.signal }))).to.have.property(
      "message",
      "enough",
    );
    expect(files).to.deep.equal(["fig5-table-ii.csv", "fig5-table-ii.svg", "fig5-table-ii.png"]);
  });

  it("are not begun with a seed that is none", async () => {
    const error = await rejection(runSimulation({ seed: -1, write: async () => expect.fail("nothing is written") }));
    expect(error).to.be.instanceOf(InvalidSeedError);
  });
});

describe("the renderer", () => {
  it("draws with its own font, 1200 pixels wide", async () => {
    const [figure] = figuresOf(committedSeed);
    const { svg, png } = await (await loadRenderer())(figure?.spec as Spec);
    expect(svg).to.include('font-family="DejaVu Sans"').and.include("Fig. 5");
    expect(Buffer.from(png.subarray(1, 4)).toString()).to.equal("PNG");
    expect(Buffer.from(png).readUInt32BE(16)).to.equal(1200);
    // Nothing in the process counts on: drawn again, it is the same in every byte.
    const again = await (await loadRenderer())(figure?.spec as Spec);
    expect(again.svg).to.equal(svg);
    expect(Buffer.compare(again.png, png)).to.equal(0);
  });

  it("says what to install when a package is missing", async () => {
    const missing: string = "no-package-of-this-name";
    const error = await rejection(installed(missing, () => import(missing)));
    expect(error).to.be.instanceOf(PlottingPackageMissing);
    expect(error).to.have.property("message").that.includes("npm install --save-dev vega@6.4.0");
  });
});

describe("the figures' CSV", () => {
  it("has names on top, six decimals, no negative zero, and quotes what needs them", () => {
    const rows = [
      { text: 'a "b", c', value: 1 / 3 },
      { text: "d", value: -1e-9 },
    ];
    expect(csvOf(rows)).to.equal('text,value\n"a ""b"", c",0.333333\nd,0\n');
  });
});
