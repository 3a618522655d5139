import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { expect } from "chai";

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const root = new URL("../../", import.meta.url);

describe("package.json", () => {
  let manifest: Manifest;

  before(async () => {
    manifest = JSON.parse(await readFile(new URL("package.json", root), "utf8")) as Manifest;
  });

  it("exports only what has a source", () => {
    for (const [name, target] of Object.entries(manifest.exports)) {
      if (typeof target === "string") continue;
      expect(target.types, name).to.equal(target.default.replace(/\.js$/, ".d.ts"));
      const source = target.default.replace(/^\.\/dist\//, "").replace(/\.js$/, ".ts");
      expect(existsSync(new URL(source, root)), source).to.equal(true);
    }
  });

  it("has each peer of its users among its own tools, and no peer twice", () => {
    for (const name of Object.keys(manifest.peerDependencies)) {
      expect(manifest.devDependencies).to.have.property(name);
      expect(manifest.dependencies).to.not.have.property(name);
    }
  });
});
