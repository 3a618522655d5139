import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { changeStanding, reasonArgument, type StandingArguments } from "./standing.js";

export default async function suspend(
  args: StandingArguments & { readonly reason: string },
  hre: HardhatRuntimeEnvironment,
) {
  const reason = reasonArgument(args.reason);
  return changeStanding(args, hre, (accountCenter, wallet) => accountCenter.suspend(wallet, reason));
}
