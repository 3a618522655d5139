import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { checksummed } from "../../src/accounts/index.js";
import { grantsOfWallet } from "../../src/records/grantsOfWallet.js";
import { openDeployment } from "../deployment.js";
import { grantText } from "./grantee.js";

export default async function list(args: { readonly wallet: string }, hre: HardhatRuntimeEnvironment) {
  const wallet = checksummed(args.wallet, "patient's wallet");
  const { contracts } = await openDeployment(hre);
  const grants = await grantsOfWallet(contracts.consentRegistry, wallet);
  return grants.map((grant) => ({ status: grant.status, ...grantText(grant), key: grant.key }));
}
