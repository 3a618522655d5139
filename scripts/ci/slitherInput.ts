import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What Hardhat keeps of one run of the compiler, in two files. */
interface BuildInfo {
  readonly solcVersion: string;
  readonly input: { readonly sources: Sources };
  readonly output: { readonly sources: Sources; readonly contracts: Sources };
}

type Sources = Readonly<Record<string, unknown>>;

/** The build holds no contract of the project. */
export class NothingCompiled extends Error {
  override readonly name = "NothingCompiled";

  constructor(folder: string) {
    super(`${folder} holds no build of contracts/: run \`npx hardhat build --force\` first.`);
  }
}

/** The sources without Solidity tests and doubles: they are not shipped, and slither does not find files outside contracts/. */
export function withoutTests(sources: Sources): Sources {
  return Object.fromEntries(Object.entries(sources).filter(([name]) => !name.startsWith("project/test/")));
}

/** Whether a build compiled something of contracts/. */
function hasContracts({ input }: BuildInfo): boolean {
  return Object.keys(input.sources).some((name) => name.startsWith("project/contracts/"));
}

/**
 * Writes, below `to`, what slither reads instead of compiling itself.
 *
 * @param artifacts Hardhat's artifacts folder after a build.
 * @param to folder to make.
 * @throws {NothingCompiled}
 */
export async function writeSlitherInput(artifacts: string, to: string): Promise<void> {
  const folder = join(artifacts, "build-info");
  const builds = (await readBuilds(folder)).filter(hasContracts);
  if (builds.length === 0) throw new NothingCompiled(folder);
  await mkdir(join(to, "build-info"), { recursive: true });
  for (const [index, { input, output, ...rest }] of builds.entries()) {
    const kept = {
      ...rest,
      input: { ...input, sources: withoutTests(input.sources) },
      output: { ...output, sources: withoutTests(output.sources), contracts: withoutTests(output.contracts) },
    };
    await writeFile(join(to, "build-info", `${index}.json`), JSON.stringify(kept));
  }
}

async function readBuilds(folder: string): Promise<BuildInfo[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".output.json"));
  return await Promise.all(
    files.map(async (file) => {
      const info = await readJson(join(folder, file.replace(".output.json", ".json")));
      const { output } = await readJson(join(folder, file));
      return { ...info, output };
    }),
  );
}

async function readJson(file: string): Promise<BuildInfo> {
  return JSON.parse(await readFile(file, "utf8")) as BuildInfo;
}

if (import.meta.main) {
  const [artifacts, to] = process.argv.slice(2);
  if (artifacts === undefined || to === undefined) throw new Error("Usage: node slitherInput.ts ARTIFACTS FOLDER");
  await writeSlitherInput(artifacts, to);
}
