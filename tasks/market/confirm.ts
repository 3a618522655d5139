import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { confirmOrder } from "../../src/market/release.js";
import { type SettleArguments, settleOrder } from "./settle.js";

export default async function confirm(args: SettleArguments, hre: HardhatRuntimeEnvironment) {
  return settleOrder(args, hre, confirmOrder);
}
