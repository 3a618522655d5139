import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { datasetOf } from "../../src/market/dataset.js";
import { openVersion } from "../../src/market/versions.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { numberArgument } from "./arguments.js";
import { stockText } from "./dataset.js";

interface OpenArguments {
  readonly dataset: string;
  readonly from: string;
}

export default async function open(args: OpenArguments, hre: HardhatRuntimeEnvironment) {
  const dataset = numberArgument(args.dataset);
  const { connection, contracts } = await openDeployment(hre);
  const registry = contracts.datasetRegistry.connect(await signerOf(connection, args.from));
  const { receipt } = await openVersion(registry, dataset);
  return { ...stockText(await datasetOf(registry, dataset)), transaction: receipt.hash };
}
