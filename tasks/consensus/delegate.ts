import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { delegate } from "../../src/consensus/delegate.js";
import { amountArgument } from "../coin/amount.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { candidateArgument } from "./candidate.js";
import { type DelegationArguments, positionText } from "./position.js";

export default async function delegateStake(args: DelegationArguments, hre: HardhatRuntimeEnvironment) {
  const candidate = candidateArgument(args.candidate);
  const amount = amountArgument(args.amount);
  const { connection, contracts } = await openDeployment(hre);
  const registry = contracts.validatorRegistry.connect(await signerOf(connection, args.from));
  const { receipt } = await delegate(registry, candidate, amount);
  return { ...(await positionText(registry, candidate)), transaction: receipt.hash };
}
