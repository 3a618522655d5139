import type { NetworkConnection } from "hardhat/types/network";
import { measureConsensus } from "./consensusOperations.js";
import { foundConsortium } from "./consortium.js";
import { measureMarket } from "./marketOperations.js";
import { measureOperations } from "./operations.js";
import { measurePricing } from "./pricing.js";
import { type Row, ratioAim } from "./row.js";

const batchSize = 100;

/**
 * Measures every operation on the embedded network.
 *
 * @param connect makes a new chain
 * @param say gets every line of progress
 */
export async function runBench(connect: () => Promise<NetworkConnection>, say: (line: string) => void): Promise<Row[]> {
  const progress = (op: string) => say(`measured ${op}`);
  say("Founding a consortium to measure on ...");
  const consortium = await foundConsortium(await connect(), batchSize);
  const rows = await measureOperations(consortium, progress);
  say("Founding a market ...");
  rows.push(...(await measurePricing(await connect(), progress)), ...(await measureMarket(connect, say, progress)));
  say("Founding one of many candidates ...");
  return [...rows, ...(await measureConsensus(connect, say, progress))];
}

/** The rows that miss their aim, or whose ratio is above {@link ratioAim} without a reason. */
export function misses(rows: readonly Row[]): Row[] {
  return rows.filter(
    ({ gas, aim = gas, ratio = 1, reason }) => gas > aim || (ratio > ratioAim && reason === "unexplained"),
  );
}

/** The rows for people to read. */
export function tableOf(rows: readonly Row[]): string[] {
  const number = (value?: number) =>
    (value === undefined ? "-" : Math.round(value).toLocaleString("en-US")).padStart(9);
  const header = `${"operation".padEnd(18)}${"gas".padStart(9)}${"floor".padStart(10)}  ratio${"aim".padStart(10)}`;
  const lines = rows.flatMap(({ op, gas, floor, ratio, aim, reason, reference }) => [
    `${op.padEnd(18)}${number(gas)} ${number(floor)}  ${ratio?.toFixed(3) ?? "    -"} ${number(aim)}`,
    ...(reason ? [`  why: ${reason}`] : []),
    ...(reference ? [`  others: ${reference}`] : []),
  ]);
  return ["", "Gas of production bytecode (a batch: per record; a call: without intrinsic gas)", header, ...lines, ""];
}
