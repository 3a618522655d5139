import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { revokeCertificate } from "../../src/accounts/index.js";
import { changeStatus, reasonArgument, type StatusArguments } from "./status.js";

export default async function revoke(
  args: StatusArguments & { readonly reason: string },
  hre: HardhatRuntimeEnvironment,
) {
  const reason = reasonArgument(args.reason);
  return changeStatus(args, hre, (accountCenter, wallet) => revokeCertificate(accountCenter, wallet, reason));
}
