import { readdir, readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { expect } from "chai";

const scripts = new URL("../../scripts/", import.meta.url);

/** What `node` runs as it is, without a build, and what that imports. */
async function plainScripts(): Promise<string[]> {
  const folders = await Promise.all(
    ["ci", "fixtures"].map(async (folder) =>
      (await readdir(new URL(`${folder}/`, scripts))).map((file) => `${folder}/${file}`),
    ),
  );
  return ["generateBundles.ts", "generateErrorPage.ts", ...folders.flat().filter((file) => file.endsWith(".ts"))];
}

/** The source as `node` runs it; throws for syntax that is more than types. */
const stripped = (source: string) => stripTypeScriptTypes(source, { mode: "strip" });

describe("scripts that plain node runs", () => {
  it("have no TypeScript that is more than types", async () => {
    const files = await plainScripts();
    expect(files).to.include.members(["ci/coverage.ts", "fixtures/bundles.ts"]);
    for (const file of files) {
      const source = await readFile(new URL(file, scripts), "utf8");
      expect(() => stripped(source), file).not.to.throw();
    }
  });

  it("would not run with an enum, a namespace or a parameter property", () => {
    for (const source of [
      "enum Color { Red }",
      "namespace Colors { export const red = 1; }",
      "class Color { constructor(readonly name: string) {} }",
    ]) {
      expect(() => stripped(source), source).to.throw();
    }
  });
});
