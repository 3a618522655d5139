import { writeFile } from "node:fs/promises";
import type { NetworkConnection } from "hardhat/types/network";
import { foundConsortium } from "./consortium.js";
import { measureOperations } from "./operations.js";
import { type Row, ratioAim } from "./row.js";

const batchSize = 100;

export interface BenchOptions {
  /** Where the rows go as JSON; nowhere if undefined. */
  readonly json?: string;
  readonly say: (line: string) => void;
}

/** Measures every operation on the embedded network, prints the table, and writes the rows. */
export async function runBench(connection: NetworkConnection, { json, say }: BenchOptions): Promise<Row[]> {
  say("Founding a consortium to measure on ...");
  const consortium = await foundConsortium(connection, batchSize);
  const rows = await measureOperations(consortium, (op) => say(`measured ${op}`));
  for (const line of tableOf(rows)) say(line);
  if (json !== undefined) {
    await writeFile(json, `${JSON.stringify(rows, null, 2)}\n`);
    say(`Written to ${json}`);
  }
  return rows;
}

/** The rows that miss their aim, or whose ratio is above {@link ratioAim} without a reason. */
export function misses(rows: readonly Row[]): Row[] {
  return rows.filter(({ gas, aim, ratio, reason }) => gas > aim || (ratio > ratioAim && reason === "unexplained"));
}

function tableOf(rows: readonly Row[]): string[] {
  const number = (value: number) => Math.round(value).toLocaleString("en-US").padStart(9);
  const header = `${"operation".padEnd(18)}${"gas".padStart(9)}${"floor".padStart(10)}  ratio${"aim".padStart(10)}`;
  const lines = rows.flatMap(({ op, gas, floor, ratio, aim, reason, reference }) => [
    `${op.padEnd(18)}${number(gas)} ${number(floor)}  ${ratio.toFixed(3)} ${number(aim)}`,
    ...(reason ? [`  why: ${reason}`] : []),
    ...(reference ? [`  others: ${reference}`] : []),
  ]);
  return ["", "Gas of production bytecode (a batch: per record; a call: without intrinsic gas)", header, ...lines, ""];
}
