import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { resign } from "../../src/consensus/resign.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { candidateText, ownCandidate } from "./candidate.js";

export default async function resignOwnCandidate(args: { readonly from: string }, hre: HardhatRuntimeEnvironment) {
  const { connection, contracts } = await openDeployment(hre);
  const registry = contracts.validatorRegistry.connect(await signerOf(connection, args.from));
  const candidate = await ownCandidate(registry);
  const { receipt } = await resign(registry, candidate);
  return { ...(await candidateText(registry, candidate)), transaction: receipt.hash };
}
