import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { stand } from "../../src/consensus/stand.js";
import { amountArgument } from "../coin/amount.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { candidateText } from "./candidate.js";
import { percentArgument } from "./percent.js";

interface StandArguments {
  readonly commission: string;
  readonly amount: string;
  readonly from: string;
}

export default async function standForElection(args: StandArguments, hre: HardhatRuntimeEnvironment) {
  const terms = { commission: percentArgument(args.commission), amount: amountArgument(args.amount) };
  const { connection, contracts } = await openDeployment(hre);
  const registry = contracts.validatorRegistry.connect(await signerOf(connection, args.from));
  const { candidate, receipt } = await stand(registry, terms);
  return { ...(await candidateText(registry, candidate)), transaction: receipt.hash };
}
