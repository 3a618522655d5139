import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { announceCommission } from "../../src/consensus/announceCommission.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { candidateText, ownCandidate } from "./candidate.js";
import { percentArgument } from "./percent.js";

interface CommissionArguments {
  readonly percent: string;
  readonly from: string;
}

export default async function commission(args: CommissionArguments, hre: HardhatRuntimeEnvironment) {
  const basisPoints = percentArgument(args.percent);
  const { connection, contracts } = await openDeployment(hre);
  const registry = contracts.validatorRegistry.connect(await signerOf(connection, args.from));
  const candidate = await ownCandidate(registry);
  const { receipt } = await announceCommission(registry, candidate, basisPoints);
  return { ...(await candidateText(registry, candidate)), transaction: receipt.hash };
}
