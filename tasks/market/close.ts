import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { datasetOf } from "../../src/market/dataset.js";
import { closeDataset } from "../../src/market/prices.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { numberArgument } from "./arguments.js";
import { stockText } from "./dataset.js";

interface CloseArguments {
  readonly dataset: string;
  readonly from: string;
}

export default async function close(args: CloseArguments, hre: HardhatRuntimeEnvironment) {
  const dataset = numberArgument(args.dataset);
  const { connection, contracts } = await openDeployment(hre);
  const registry = contracts.datasetRegistry.connect(await signerOf(connection, args.from));
  const { receipt } = await closeDataset(registry, dataset);
  return { ...stockText(await datasetOf(registry, dataset)), transaction: receipt.hash };
}
