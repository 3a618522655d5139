import { access, readdir, readFile } from "node:fs/promises";
import { expect } from "chai";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFile(new URL(path, root), "utf8");

/** A page in one line: a name may run over two. */
const readPage = async (path: string) => (await read(path)).replace(/\s+/g, " ");

/** Paths of this repository that a text names in backticks. */
function pathsIn(text: string): string[] {
  const named = text.matchAll(
    /`((?:chain|contracts|src|database|scripts|tasks|test|ignition|data)\/[\w./-]*\.(?:sol|ts|json))`/g,
  );
  return [...new Set([...named].map(([, path]) => path ?? ""))];
}

/** The tests that a page cites: a test file in backticks, and the names in quotation marks that follow it. */
function citedTests(text: string): { file: string; name: string }[] {
  return [...text.matchAll(/`(test\/[\w./-]+\.ts)`((?:;? "[^"]+")+)/g)].flatMap(([, file, names]) =>
    [...(names ?? "").matchAll(/"([^"]+)"/g)].map(([, name]) => ({ file: file ?? "", name: name ?? "" })),
  );
}

/** The Solidity tests that a page cites: a file in backticks, and the functions in backticks that follow it. */
function citedFunctions(text: string): { file: string; name: string }[] {
  return [...text.matchAll(/`(test\/[\w./-]+\.t\.sol)`((?:[;,]? `(?:test|invariant)\w+`)+)/g)].flatMap(
    ([, file, names]) =>
      [...(names ?? "").matchAll(/`(\w+)`/g)].map(([, name]) => ({ file: file ?? "", name: `function ${name}(` })),
  );
}

/** The places on this repository's pages that a text links to. */
function linksIn(text: string): { page: string; anchor: string | undefined }[] {
  return [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(([, page, anchor]) => ({
    page: page ?? "",
    anchor,
  }));
}

/** The anchors that GitHub gives to a page's headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) =>
    (heading ?? "")
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replace(/ /g, "-"),
  );
}

const pages = [
  "README.md",
  "docs/paper.md",
  "docs/consensus.md",
  "docs/market.md",
  "docs/pricing.md",
  "docs/threat-model.md",
  "docs/operations.md",
];

describe("docs", () => {
  for (const page of pages) {
    it(`${page} names only files that exist`, async () => {
      for (const path of pathsIn(await read(page))) await access(new URL(path, root));
    });
  }

  for (const page of [...pages, "CONTRIBUTING.md"]) {
    it(`${page} links only to places that exist`, async () => {
      const here = new URL(page, root);
      for (const { page: other, anchor } of linksIn(await read(page))) {
        const there = other === "" ? here : new URL(other, here);
        const text = await readFile(there, "utf8");
        if (anchor !== undefined) expect(anchorsOf(text), `${other || page} has no #${anchor}`).to.include(anchor);
      }
    });
  }

  for (const page of ["docs/paper.md", "docs/consensus.md", "docs/market.md", "docs/threat-model.md"]) {
    it(`${page} cites only tests that exist`, async () => {
      const text = await readPage(page);
      const cited = [...citedTests(text), ...citedFunctions(text)];
      expect(cited.length).to.be.greaterThan(5);
      for (const { file, name } of cited) expect(await read(file), `${file} has no "${name}"`).to.contain(name);
    });
  }

  for (const page of ["docs/paper.md", "docs/consensus.md", "docs/market.md", "docs/threat-model.md"]) {
    it(`${page} cites only scenes that the demo plays`, async () => {
      const scenes = (await readdir(new URL("scripts/demo/scenes/", root))).map(
        (file) => `scripts/demo/scenes/${file}`,
      );
      const played = (await Promise.all([...scenes, "scripts/demo/demo.ts"].map(read))).join("\n");
      const cited = [...(await readPage(page)).matchAll(/[Ss]cenes? ((?:"[^"]+"(?:, | and )?)+)/g)];
      expect(cited).not.to.be.empty;
      for (const [, names] of cited) {
        for (const [, name] of (names ?? "").matchAll(/"([^"]+)"/g))
          expect(played, `no scene "${name}"`).to.contain(name);
      }
    });
  }
});
