import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { clearingRoundOf } from "../../src/market/clearingRound.js";
import { openDeployment } from "../deployment.js";
import { roundText } from "./roundText.js";

export default async function rounds(_: object, hre: HardhatRuntimeEnvironment) {
  const { contracts } = await openDeployment(hre);
  const { marketClearing } = contracts;
  const numbers = Array.from({ length: Number(await marketClearing.roundCount()) }, (_, place) => place + 1);
  const found = await Promise.all(numbers.map((round) => clearingRoundOf(marketClearing, round)));
  return found.map((round) => ({ ...roundText(round), offers: round.offers.length, bids: round.bids.length }));
}
