import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { interruption } from "../chain/interruption.js";
import { replacedFile } from "../file.js";

interface DemoArguments {
  readonly data: string | undefined;
  readonly json: string | undefined;
}

/** The demo moves the clock, which only a network of its own lets it do. */
class OwnNetworkOnly extends Error {
  override readonly name = "OwnNetworkOnly";

  constructor(network: string) {
    super(
      `The demo starts a network of its own and lets months pass on it, not on ${network}: run it without --network.`,
    );
  }
}

const examples = new URL("../../data/fhir-r4", import.meta.url);

/** Runs the demo; ends with exit code 1 if a scene goes otherwise than expected, 130 after Ctrl-C. */
export default async function demo({ data, json }: DemoArguments, hre: HardhatRuntimeEnvironment): Promise<void> {
  await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
  // Whatever reaches the generated types is loaded after they are built.
  const { runDemo } = await import("../../scripts/demo/demo.js");
  const { allAsExpected, summaryOf } = await import("../../scripts/demo/report.js");
  const { failureOf } = await import("../failure.js");
  // The first Ctrl-C closes network, servers and files in order.
  const signal = interruption();
  try {
    const { network } = hre.globalOptions;
    if (network !== undefined) throw new OwnNetworkOnly(network);
    const writeReport = json === undefined ? undefined : await replacedFile(json);
    const folder = resolve(data ?? fileURLToPath(examples));
    const report = await runDemo({ data: folder, say: console.log, signal });
    for (const line of summaryOf(report)) console.log(line);
    await writeReport?.(`${JSON.stringify(report, null, 2)}\n`);
    process.exitCode = allAsExpected(report) ? 0 : 1;
  } catch (error) {
    if (!signal.aborted) throw failureOf(error);
    console.log("Stopped: network, servers and files are closed, nothing is left behind.");
    process.exitCode = 130;
  }
}
