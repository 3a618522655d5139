import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { replacedFile } from "../file.js";

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
    // The paper's algorithm is measured, and no part of the product.
    await hre.tasks.getTask("build").run({ quiet: true, files: ["test/doubles/AlgorithmOne__Harness.sol"] });
    // Whatever reaches the generated types is loaded after they are built.
    const { misses, runBench, tableOf } = await import("../../scripts/bench/bench.js");
    const { energyLines, measureEnergy } = await import("../../scripts/bench/energy.js");
    const writeRows = json === undefined ? undefined : await replacedFile(json);
    const rows = await runBench(() => hre.network.create(), console.log);
    for (const line of tableOf(rows)) console.log(line);
    for (const line of energyLines(await measureEnergy(console.log))) console.log(line);
    await writeRows?.(`${JSON.stringify(rows, null, 2)}\n`);
    for (const { op } of misses(rows)) console.log(`MISSED: ${op}`);
    process.exitCode = misses(rows).length === 0 ? 0 : 1;
  } catch (error) {
    const { failureOf } = await import("../failure.js");
    throw failureOf(error);
  }
}
