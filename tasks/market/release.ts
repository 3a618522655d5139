import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { releaseOrder } from "../../src/market/release.js";
import { type SettleArguments, settleOrder } from "./settle.js";

export default async function release(args: SettleArguments, hre: HardhatRuntimeEnvironment) {
  return settleOrder(args, hre, releaseOrder);
}
