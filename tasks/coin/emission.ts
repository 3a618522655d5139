import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { checksummed } from "../../src/accounts/index.js";
import { openDeployment } from "../deployment.js";
import { emissionOf } from "./emissionOf.js";

export default async function emission(args: { readonly emitter: string }, hre: HardhatRuntimeEnvironment) {
  const emitter = checksummed(args.emitter, "emitter");
  const { contracts } = await openDeployment(hre);
  return emissionOf(contracts.medicalCoin, emitter);
}
