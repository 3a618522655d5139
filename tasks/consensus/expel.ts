import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { expel } from "../../src/consensus/expel.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { candidateArgument, candidateText } from "./candidate.js";

interface ExpelArguments {
  readonly candidate: string;
  readonly from: string;
}

export default async function expelCandidate(args: ExpelArguments, hre: HardhatRuntimeEnvironment) {
  const candidate = candidateArgument(args.candidate);
  const { connection, contracts } = await openDeployment(hre);
  const registry = contracts.validatorRegistry.connect(await signerOf(connection, args.from));
  const { receipt } = await expel(registry, candidate);
  return { ...(await candidateText(registry, candidate)), transaction: receipt.hash };
}
