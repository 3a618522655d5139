import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { undelegate } from "../../src/consensus/undelegate.js";
import { amountArgument, coins } from "../coin/amount.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { candidateArgument } from "./candidate.js";
import { type DelegationArguments, positionText } from "./position.js";

export default async function undelegateStake(args: DelegationArguments, hre: HardhatRuntimeEnvironment) {
  const candidate = candidateArgument(args.candidate);
  const amount = amountArgument(args.amount);
  const { connection, contracts } = await openDeployment(hre);
  const registry = contracts.validatorRegistry.connect(await signerOf(connection, args.from));
  const { epoch, until, receipt } = await undelegate(registry, candidate, amount);
  return {
    ...(await positionText(registry, candidate)),
    unbonding: coins(amount),
    leftInEpoch: epoch,
    claimableFromEpoch: until,
    transaction: receipt.hash,
  };
}
