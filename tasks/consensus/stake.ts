import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { delegate } from "../../src/consensus/delegate.js";
import { amountArgument } from "../coin/amount.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { candidateText, ownCandidate } from "./candidate.js";

interface StakeArguments {
  readonly amount: string | undefined;
  readonly from: string;
}

export default async function stake(args: StakeArguments, hre: HardhatRuntimeEnvironment) {
  const amount = amountArgument(args.amount);
  const { connection, contracts } = await openDeployment(hre);
  const registry = contracts.validatorRegistry.connect(await signerOf(connection, args.from));
  const candidate = await ownCandidate(registry);
  const { receipt } = await delegate(registry, candidate, amount);
  return { ...(await candidateText(registry, candidate)), transaction: receipt.hash };
}
