import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { suspendCertificate } from "../../src/accounts/index.js";
import { changeStatus, reasonArgument, type StatusArguments } from "./status.js";

export default async function suspend(
  args: StatusArguments & { readonly reason: string },
  hre: HardhatRuntimeEnvironment,
) {
  const reason = reasonArgument(args.reason);
  return changeStatus(args, hre, (accountCenter, wallet) => suspendCertificate(accountCenter, wallet, reason));
}
