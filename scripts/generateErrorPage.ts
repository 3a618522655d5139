/** Writes docs/errors.md, a page of all errors of the contracts, from their documentation: `npm run generate:errors`. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** An error as its contract documents it. */
export interface DocumentedError {
  readonly name: string;
  /** With the arguments, as in the source. */
  readonly signature: string;
  /** Why it happens, and what to do. */
  readonly text: string;
}

const root = new URL("../", import.meta.url);
const page = new URL("docs/errors.md", root);

/** The errors that a Solidity source declares, with the comment above each. */
export function errorsIn(source: string): DocumentedError[] {
  return [...source.matchAll(/((?:^[ ]*\/\/\/.*\n)+)[ ]*error (\w+)(\([^)]*\));/gm)].map(([, comment, name, args]) => ({
    name: name ?? "",
    signature: `${name}${args?.replace(/\s+/g, " ")}`,
    text: (comment ?? "")
      .replace(/^[ ]*\/\/\/ ?/gm, "")
      .replace("@notice ", "")
      .replace(/\s+/g, " ")
      .trim(),
  }));
}

/** The page, from the contracts as they are now. */
export async function errorPage(): Promise<string> {
  const files = (await readdir(new URL("contracts/", root), { recursive: true })).filter((file) =>
    file.endsWith(".sol"),
  );
  const chapters = await Promise.all(
    files.sort().map(async (file) => {
      const errors = errorsIn(await readFile(new URL(`contracts/${file}`, root), "utf8"));
      return errors.length === 0 ? "" : chapterOf(file, errors);
    }),
  );
  const head = [
    "# The errors of the contracts",
    "",
    "Why each happens and what to do, from the contracts' own documentation (`npm run generate:errors` writes this page). The tasks and the",
    "library add the remedy to every message; OpenZeppelin's errors (`AccessManager...`, `ERC20...`, `InvalidAccountNonce`) are explained there too.",
    "",
  ].join("\n");
  return `${head}\n${chapters.filter((chapter) => chapter !== "").join("\n")}`;
}

function chapterOf(file: string, errors: readonly DocumentedError[]): string {
  const entries = errors.map(({ name, signature, text }) => `### ${name}\n\n\`${signature}\`\n\n${text}\n`);
  return `## contracts/${file}\n\n${entries.join("\n")}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(page, await errorPage());
