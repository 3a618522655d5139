import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { openDeployment } from "../deployment.js";
import { numberArgument } from "./arguments.js";
import { orderText } from "./orderText.js";

export default async function showOrder(args: { readonly order: string }, hre: HardhatRuntimeEnvironment) {
  const number = numberArgument(args.order);
  const { contracts } = await openDeployment(hre);
  return orderText(contracts.dataMarket, number);
}
