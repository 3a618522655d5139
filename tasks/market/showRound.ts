import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { clearingRoundOf } from "../../src/market/clearingRound.js";
import { openDeployment } from "../deployment.js";
import { numberArgument } from "./arguments.js";
import { bidsText, offersText, roundText } from "./roundText.js";

export default async function showRound(args: { readonly round: string }, hre: HardhatRuntimeEnvironment) {
  const number = numberArgument(args.round);
  const { contracts } = await openDeployment(hre);
  const round = await clearingRoundOf(contracts.marketClearing, number);
  return { ...roundText(round), offers: offersText(round), bids: bidsText(round) };
}
