import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { refundOrder } from "../../src/market/release.js";
import { type SettleArguments, settleOrder } from "./settle.js";

export default async function refund(args: SettleArguments, hre: HardhatRuntimeEnvironment) {
  return settleOrder(args, hre, refundOrder);
}
