import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { readRanking } from "../../src/consensus/ranking.js";
import { openDeployment } from "../deployment.js";
import { candidateText } from "./candidate.js";
import { countArgument } from "./count.js";

/** As many as can stand. */
const MAX_CANDIDATES = 4_096;

export default async function candidates(args: { readonly limit: number }, hre: HardhatRuntimeEnvironment) {
  const limit = countArgument(args.limit, 1, MAX_CANDIDATES);
  const { contracts } = await openDeployment(hre);
  const { validatorRegistry: registry } = contracts;
  const ranking = await readRanking(registry, { limit });
  return Promise.all(
    ranking.map(async ({ candidate, operator }) => ({ ...(await candidateText(registry, candidate)), operator })),
  );
}
