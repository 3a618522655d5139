import { constants } from "node:fs";
import { access, mkdir, rename, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { runSimulation } from "../../scripts/simulate/simulate.js";
import { interruption } from "../chain/interruption.js";
import { FileUnusable } from "../file.js";
import { printProgress } from "../result.js";

interface SimulateArguments {
  readonly output: string;
  readonly seed: number;
}

/** Ends with exit code 130 after Ctrl-C; every file that is there is whole. */
export default async function simulate({ output, seed }: SimulateArguments) {
  const folder = resolve(output);
  const signal = interruption();
  const write = await writerInto(folder);
  try {
    const { files, summary } = await runSimulation({ seed, write, say: printProgress, signal });
    return { folder, files: files.length, ...summary };
  } catch (error) {
    if (!signal.aborted) throw error;
    printProgress(`Stopped: every file in ${folder} is whole, but some are missing or older. Run it again for all.`);
    process.exitCode = 130;
    return undefined;
  }
}

/**
 * Writes files into a folder, which is made at once, so that a wrong path is found before the work.
 *
 * @throws {FileUnusable}
 */
async function writerInto(folder: string): Promise<(name: string, content: string | Uint8Array) => Promise<void>> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new FileUnusable(folder, "cannot be used as a folder for the figures: check its path and permissions", {
      cause: error,
    });
  }
  // Renamed when it is whole: nobody finds half a file.
  return async (name, content) => {
    await writeFile(join(folder, `${name}.part`), content);
    await rename(join(folder, `${name}.part`), join(folder, name));
  };
}
