import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { elect } from "../../src/consensus/elect.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";

export default async function electNext(args: { readonly from: string }, hre: HardhatRuntimeEnvironment) {
  const { connection, contracts } = await openDeployment(hre);
  const registry = contracts.validatorRegistry.connect(await signerOf(connection, args.from));
  const { epoch, isExtended, receipt } = await elect(registry);
  const validators = await registry.getValidators();
  return {
    epoch,
    setOfEpochBefore: isExtended,
    transaction: receipt.hash,
    validators: validators.map((address) => ({ address })),
  };
}
