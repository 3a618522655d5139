import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { LazyActionObject, NewTaskActionFunction, TaskArguments } from "hardhat/types/tasks";
import { printResult, type Result } from "./result.js";

/** What the module of a verb exports: it does the work and returns what is to be printed, or nothing if it printed itself. */
export type VerbAction<Arguments extends TaskArguments> = (
  args: Arguments,
  hre: HardhatRuntimeEnvironment,
) => Promise<Result | undefined>;

/**
 * Hardhat's form of a verb's action: builds, loads the module, runs it, prints the result, and makes what went wrong
 * readable. The module may import the generated types: it is not loaded before they exist.
 */
export function verbAction<Arguments extends TaskArguments>(
  load: LazyActionObject<VerbAction<Arguments>>,
): LazyActionObject<NewTaskActionFunction<Arguments & { readonly json: boolean }>> {
  return async () => ({
    default: async (args, hre) => {
      await build(hre);
      try {
        const { default: act } = await load();
        const result = await act(args, hre);
        if (result !== undefined) printResult(result, args.json);
        return result;
      } catch (error) {
        const { failureOf } = await import("./failure.js");
        throw failureOf(error);
      }
    },
  });
}

/** Whatever the build prints is progress: standard output is for the one result. */
async function build(hre: HardhatRuntimeEnvironment): Promise<void> {
  const { write } = process.stdout;
  process.stdout.write = process.stderr.write.bind(process.stderr);
  try {
    await buildOnce(hre).catch((error: unknown) => {
      if (!isRace(error)) throw error;
      return buildOnce(hre);
    });
  } finally {
    process.stdout.write = write;
  }
}

function buildOnce(hre: HardhatRuntimeEnvironment): Promise<unknown> {
  return hre.tasks.getTask("build").run({ quiet: true, noTests: true });
}

/** Two tasks that start at the same time can take the temporary file of the compiler's cache away from each other. */
function isRace(error: unknown): boolean {
  return error instanceof Error && error.message.includes("compile-cache.json.tmp");
}
