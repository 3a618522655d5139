import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { replacedFile } from "../file.js";

interface DemoArguments {
  readonly data: string | undefined;
  readonly json: string | undefined;
}

/** The demo moves the clock, which only the embedded chain lets it do. */
class NotEmbedded extends Error {
  override readonly name = "NotEmbedded";

  constructor(network: string) {
    super(`The demo lets months pass, which the network ${network} does not: run it without --network.`);
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
  const interrupt = new AbortController();
  // The first Ctrl-C closes servers and files in order; the second one ends the process as usual.
  process.once("SIGINT", () => interrupt.abort());
  try {
    const connection = await hre.network.create();
    if (connection.networkConfig.type === "http") throw new NotEmbedded(connection.networkName);
    const writeReport = json === undefined ? undefined : await replacedFile(json);
    const folder = resolve(data ?? fileURLToPath(examples));
    const report = await runDemo(connection, { data: folder, say: console.log, signal: interrupt.signal });
    for (const line of summaryOf(report)) console.log(line);
    await writeReport?.(`${JSON.stringify(report, null, 2)}\n`);
    process.exitCode = allAsExpected(report) ? 0 : 1;
  } catch (error) {
    if (!interrupt.signal.aborted) throw failureOf(error);
    console.log("Stopped: servers and files are closed, nothing is left behind.");
    process.exitCode = 130;
  }
}
