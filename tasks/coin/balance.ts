import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { checksummed } from "../../src/accounts/index.js";
import { openDeployment } from "../deployment.js";
import { coins } from "./amount.js";

export default async function balance(args: { readonly account: string }, hre: HardhatRuntimeEnvironment) {
  const account = checksummed(args.account, "account");
  const { contracts } = await openDeployment(hre);
  const wei = await contracts.medicalCoin.balanceOf(account);
  return { account, balance: coins(wei), wei };
}
