import { readFile } from "node:fs/promises";
import { expect } from "chai";

const root = new URL("../../", import.meta.url);

/** All files that a module imports statically, itself included; what is imported for its types only does not count. */
async function reachedFrom(module: string, reached = new Set<string>()): Promise<Set<string>> {
  if (reached.has(module) || module.includes("types/ethers-contracts")) return reached.add(module);
  reached.add(module);
  const source = await readFile(new URL(module, root), "utf8");
  const imports = source.matchAll(/^(?:import|export) (?!type )[^;]*?from "(\.[^"]+)\.js";/gms);
  for (const [, path] of imports) {
    const file = new URL(`${path}.ts`, new URL(module, root)).href.slice(root.href.length);
    await reachedFrom(file, reached);
  }
  return reached;
}

describe("tasks, as they are loaded", () => {
  // On a fresh clone, and after a build of the other profile, the generated types are not yet what the build makes of them.
  for (const module of ["tasks/index.ts", "tasks/demo/demo.ts", "tasks/bench/bench.ts"]) {
    it(`${module} reaches no generated type before the build`, async () => {
      const reached = [...(await reachedFrom(module))];
      expect(reached.length).to.be.greaterThan(1);
      expect(reached.filter((file) => file.includes("types/ethers-contracts"))).to.deep.equal([]);
    });
  }

  it("would notice: a verb's own module does reach them", async () => {
    const reached = [...(await reachedFrom("tasks/records/show.ts"))];
    expect(reached.some((file) => file.includes("types/ethers-contracts"))).to.equal(true);
  });
});
