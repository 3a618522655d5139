import { access, readdir, readFile } from "node:fs/promises";
import { expect } from "chai";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFile(new URL(path, root), "utf8");

/** A page in one line: a name may run over two. */
const readPage = async (path: string) => (await read(path)).replace(/\s+/g, " ");

/** Paths of this repository that a text names in backticks. */
function pathsIn(text: string): string[] {
  const named = text.matchAll(
    /`((?:contracts|src|database|scripts|tasks|test|ignition|data)\/[\w./-]*\.(?:sol|ts|json))`/g,
  );
  return [...new Set([...named].map(([, path]) => path ?? ""))];
}

/** The tests that a page cites: a test file in backticks, and the names in quotation marks that follow it. */
function citedTests(text: string): { file: string; name: string }[] {
  return [...text.matchAll(/`(test\/[\w./-]+\.ts)`((?:;? "[^"]+")+)/g)].flatMap(([, file, names]) =>
    [...(names ?? "").matchAll(/"([^"]+)"/g)].map(([, name]) => ({ file: file ?? "", name: name ?? "" })),
  );
}

describe("docs", () => {
  for (const page of ["README.md", "docs/paper.md", "docs/threat-model.md", "docs/operations.md"]) {
    it(`${page} names only files that exist`, async () => {
      for (const path of pathsIn(await read(page))) await access(new URL(path, root));
    });
  }

  for (const page of ["docs/paper.md", "docs/threat-model.md"]) {
    it(`${page} cites only tests that exist`, async () => {
      const cited = citedTests(await readPage(page));
      expect(cited.length).to.be.greaterThan(5);
      for (const { file, name } of cited) expect(await read(file), `${file} has no "${name}"`).to.contain(name);
    });

    it(`${page} cites only scenes that the demo plays`, async () => {
      const scenes = (await readdir(new URL("scripts/demo/scenes/", root))).map(
        (file) => `scripts/demo/scenes/${file}`,
      );
      const played = (await Promise.all([...scenes, "scripts/demo/demo.ts"].map(read))).join("\n");
      const cited = [...(await readPage(page)).matchAll(/[Ss]cenes? ((?:"[^"]+"(?:, | and )?)+)/g)];
      expect(cited.length).to.be.greaterThan(5);
      for (const [, names] of cited) {
        for (const [, name] of (names ?? "").matchAll(/"([^"]+)"/g))
          expect(played, `no scene "${name}"`).to.contain(name);
      }
    });
  }
});
