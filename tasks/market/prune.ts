import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { datasetOf } from "../../src/market/dataset.js";
import { prunableRecords, pruneRecords } from "../../src/market/prune.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { numberArgument } from "./arguments.js";
import { stockText } from "./dataset.js";

interface PruneArguments {
  readonly dataset: string;
  readonly from: string;
}

export default async function prune(args: PruneArguments, hre: HardhatRuntimeEnvironment) {
  const dataset = numberArgument(args.dataset);
  const { connection, contracts } = await openDeployment(hre);
  const registry = contracts.datasetRegistry.connect(await signerOf(connection, args.from));
  const pruned = await prunableRecords(contracts, dataset);
  const versions = await pruneRecords(registry, dataset, pruned);
  return {
    ...stockText(await datasetOf(registry, dataset)),
    pruned: pruned.map(({ id }) => ({ record: id })),
    transactions: versions.map(({ receipt }) => receipt.hash),
  };
}
