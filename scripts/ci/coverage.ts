import { readFile } from "node:fs/promises";

/** How many lines of one contract's file the tests ran. */
export interface FileCoverage {
  readonly file: string;
  readonly lines: number;
  readonly covered: number;
  /** Line numbers. */
  readonly missed: readonly number[];
}

/** The report has no line of contracts/. */
export class NothingMeasured extends Error {
  override readonly name = "NothingMeasured";

  constructor() {
    super("The coverage report holds no line of contracts/: run `npx hardhat --coverage test` first.");
  }
}

/** Reads what an lcov report says about contracts/; doubles and Solidity tests do not count. */
export function contractsIn(lcov: string): FileCoverage[] {
  return lcov
    .split("end_of_record")
    .map(coverageOf)
    .filter(({ file }) => file.startsWith("contracts/") && !file.endsWith(".t.sol"));
}

function coverageOf(record: string): FileCoverage {
  const lines = [...record.matchAll(/^DA:(\d+),(\d+)/gm)].map(
    ([, line, hits]) => [Number(line), Number(hits)] as const,
  );
  const missed = lines.filter(([, hits]) => hits === 0).map(([line]) => line);
  return {
    file: /^SF:(.+)$/m.exec(record)?.[1]?.trim() ?? "",
    lines: lines.length,
    covered: lines.length - missed.length,
    missed,
  };
}

/**
 * The share of all files' lines that ran, in percent.
 *
 * @throws {NothingMeasured}
 */
export function percentOf(files: readonly FileCoverage[]): number {
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  if (lines === 0) throw new NothingMeasured();
  return (100 * files.reduce((sum, file) => sum + file.covered, 0)) / lines;
}

async function main(report: string, floor: number): Promise<void> {
  const files = contractsIn(await readFile(report, "utf8"));
  const percent = percentOf(files);
  for (const { file, missed } of files) if (missed.length > 0) console.log(`not run: ${file}:${missed.join(",")}`);
  console.log(`coverage of contracts/: ${percent.toFixed(2)} % of lines, at least ${floor} % wanted`);
  process.exitCode = percent >= floor ? 0 : 1;
}

if (import.meta.main) {
  const [report, floor] = process.argv.slice(2);
  if (report === undefined || !(Number(floor) > 0)) throw new Error("Usage: node coverage.ts LCOV PERCENT");
  await main(report, Number(floor));
}
