import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { FileUnusable } from "../../../tasks/file.js";
import simulate from "../../../tasks/simulate/simulate.js";
import { rejection } from "../../enrolled.js";

const committed = new URL("../../../docs/figures/", import.meta.url);

describe("npx hardhat simulate", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "healthchain-simulate-"));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it("writes the committed files into the folder, over older ones, and says how far it is", async () => {
    const output = join(folder, "deep", "figures");
    await mkdir(output, { recursive: true });
    await writeFile(join(output, "fig5-table-ii.csv"), "older");
    const lines: string[] = [];
    const { error } = console;
    console.error = (line: string) => lines.push(line);
    try {
      const result = await simulate({ output, seed: 1 });
      const names = await readdir(output);
      expect(result).to.include({ folder: output, files: names.length, seed: 1 });
      expect(names).to.have.members(await readdir(committed));
      for (const name of names.filter((file) => /\.(csv|json)$/.test(file))) {
        expect(await readFile(join(output, name), "utf8"), name).to.equal(
          await readFile(new URL(name, committed), "utf8"),
        );
      }
      expect(lines.slice(0, 2)).to.deep.equal(["Seed 1", `1 of ${(names.length - 1) / 3}: fig5-table-ii`]);
    } finally {
      console.error = error;
    }
  });

  it("finds out before the work that the folder cannot be used", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    const error = await rejection(simulate({ output: file, seed: 1 }));
    expect(error).to.be.instanceOf(FileUnusable);
    expect(error).to.have.property("message").that.includes(`The file ${file} cannot be used as a folder`);
  });
});
