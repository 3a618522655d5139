import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { reinstateCertificate } from "../../src/accounts/index.js";
import { changeStatus, type StatusArguments } from "./status.js";

export default async function reinstate(args: StatusArguments, hre: HardhatRuntimeEnvironment) {
  return changeStatus(args, hre, reinstateCertificate);
}
