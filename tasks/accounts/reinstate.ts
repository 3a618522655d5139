import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { changeStanding, type StandingArguments } from "./standing.js";

export default async function reinstate(args: StandingArguments, hre: HardhatRuntimeEnvironment) {
  return changeStanding(args, hre, (accountCenter, wallet) => accountCenter.reinstate(wallet));
}
