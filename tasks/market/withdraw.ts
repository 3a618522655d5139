import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { datasetOf } from "../../src/market/dataset.js";
import { inBatches } from "../../src/market/inBatches.js";
import { withdrawRecords } from "../../src/market/versions.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { numberArgument, recordsArgument } from "./arguments.js";
import { stockText } from "./dataset.js";

interface WithdrawArguments {
  readonly dataset: string;
  readonly ids: readonly string[];
  readonly from: string;
}

export default async function withdraw(args: WithdrawArguments, hre: HardhatRuntimeEnvironment) {
  const dataset = numberArgument(args.dataset);
  const ids = recordsArgument(args.ids);
  const { connection, contracts } = await openDeployment(hre);
  const registry = contracts.datasetRegistry.connect(await signerOf(connection, args.from));
  const transactions: string[] = [];
  for (const batch of inBatches(ids)) {
    const { receipt } = await withdrawRecords(registry, dataset, batch);
    transactions.push(receipt.hash);
  }
  return { ...stockText(await datasetOf(registry, dataset)), withdrawn: ids.length, transactions };
}
