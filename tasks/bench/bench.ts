import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { failureOf } from "../failure.js";

interface BenchArguments {
  readonly json: string | undefined;
}

/** The figures are of production bytecode, and the build profile is chosen before the task runs. */
class NotProduction extends Error {
  override readonly name = "NotProduction";

  constructor() {
    super("The bench measures production bytecode: run it as `npm run bench`, or with --build-profile production.");
  }
}

/** Runs the bench; ends with exit code 1 if a row misses its aim. */
export default async function bench({ json }: BenchArguments, hre: HardhatRuntimeEnvironment): Promise<void> {
  try {
    if (hre.globalOptions.buildProfile !== "production") throw new NotProduction();
    await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
    const { misses, runBench } = await import("../../scripts/bench/bench.js");
    const rows = await runBench(await hre.network.create(), { ...(json ? { json } : {}), say: console.log });
    for (const { op } of misses(rows)) console.log(`MISSED: ${op}`);
    process.exitCode = misses(rows).length === 0 ? 0 : 1;
  } catch (error) {
    throw failureOf(error);
  }
}
