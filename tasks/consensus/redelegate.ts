import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { redelegate } from "../../src/consensus/redelegate.js";
import { amountArgument, coins } from "../coin/amount.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { candidateArgument } from "./candidate.js";
import { type DelegationArguments, positionText } from "./position.js";

interface RedelegationArguments extends DelegationArguments {
  readonly to: string;
}

export default async function redelegateStake(args: RedelegationArguments, hre: HardhatRuntimeEnvironment) {
  const left = candidateArgument(args.candidate);
  const to = candidateArgument(args.to);
  const amount = amountArgument(args.amount);
  const { connection, contracts } = await openDeployment(hre);
  const registry = contracts.validatorRegistry.connect(await signerOf(connection, args.from));
  const { receipt } = await redelegate(registry, { from: left, to, amount });
  return { ...(await positionText(registry, to)), moved: coins(amount), left, transaction: receipt.hash };
}
