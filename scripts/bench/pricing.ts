import { parseEther } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { computationRow, type Row } from "./row.js";

/** Games over Table II's range of prices, one for each way in which the equilibrium can lie, and the largest that the arithmetic takes. */
const games = [
  { alpha: 10_500, c: 150, dMin: 200, gamma: 10, lambdaMin: 10, lambdaMax: 1_000 },
  { alpha: 10_500, c: 1_000, dMin: 200, gamma: 10, lambdaMin: 10, lambdaMax: 1_000 },
  { alpha: 10_500, c: 300, dMin: 200, gamma: 10, lambdaMin: 10, lambdaMax: 35 },
  { alpha: 10_500, c: 300, dMin: 200, gamma: 10, lambdaMin: 34, lambdaMax: 35 },
  { alpha: 1_000_000, c: 1_000, dMin: 200, gamma: 10, lambdaMin: 10, lambdaMax: 50 },
].map(inWad);
const largest = 2n ** 120n - 1n;
const extremes = [
  { alpha: largest, c: largest, dMin: 1n, gamma: largest - 2n, lambdaMin: largest - 1n, lambdaMax: largest },
  { alpha: largest, c: largest, dMin: 1n, gamma: 1n, lambdaMin: 1n, lambdaMax: largest },
];

/** The rows of the closed form, and of the loop that the paper prints in its place. */
export async function measurePricing(
  { ethers }: NetworkConnection,
  progress: (op: string) => void,
): Promise<readonly Row[]> {
  const harness = await ethers.deployContract("AlgorithmOne__Harness");
  const gasOf = async (name: string, game: object, ...more: unknown[]) => {
    const [used] = await harness.getFunction(name).staticCall(game, ...more);
    return Number(used);
  };
  const used = await Promise.all([...games, ...extremes].map((game) => gasOf("gasOfEquilibrium", game)));
  progress("pricing");
  const loop = await gasOf("gasOfLoop", games[1] ?? {}, true);
  progress("pricing-loop");
  return [
    computationRow("pricing", Math.max(...used), { aim: 3_000, reference: `the most of ${used.length} games` }),
    computationRow("pricing-loop", loop, {
      reference: "Algorithm 1 over the prices 10 to 1,000 without the lines that end it at once (3-6, 13-15)",
    }),
  ];
}

function inWad(game: Readonly<Record<string, number>>) {
  return Object.fromEntries(Object.entries(game).map(([name, value]) => [name, parseEther(String(value))]));
}
