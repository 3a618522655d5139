import { runSimulation } from "../../scripts/consensus/index.js";
import { printProgress } from "../result.js";

interface SimulateArguments {
  readonly runs: number;
  readonly seed: number;
}

/** Ends with exit code 1 if a run broke a property. */
export default async function simulate({ runs, seed }: SimulateArguments) {
  const result = await runSimulation({ runs, seed, say: printProgress });
  if (result.failures.length > 0) process.exitCode = 1;
  return { ...result };
}
