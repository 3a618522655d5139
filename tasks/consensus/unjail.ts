import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { unjail } from "../../src/consensus/unjail.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { candidateText, ownCandidate } from "./candidate.js";

export default async function unjailOwnCandidate(args: { readonly from: string }, hre: HardhatRuntimeEnvironment) {
  const { connection, contracts } = await openDeployment(hre);
  const registry = contracts.validatorRegistry.connect(await signerOf(connection, args.from));
  const candidate = await ownCandidate(registry);
  const { receipt } = await unjail(registry, candidate);
  return { ...(await candidateText(registry, candidate)), transaction: receipt.hash };
}
