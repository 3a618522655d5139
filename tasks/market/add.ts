import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { addRecords } from "../../src/market/addRecords.js";
import { datasetOf } from "../../src/market/dataset.js";
import { listableRecords, withMarketGrants } from "../../src/market/marketGrant.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { numberArgument, recordsArgument } from "./arguments.js";
import { stockText } from "./dataset.js";

interface AddArguments {
  readonly dataset: string;
  readonly ids: readonly string[];
  readonly from: string;
}

/** Adds the named records, or all that can be added. */
export default async function add(args: AddArguments, hre: HardhatRuntimeEnvironment) {
  const dataset = numberArgument(args.dataset);
  const ids = recordsArgument(args.ids);
  const { connection, contracts } = await openDeployment(hre);
  const { datasetRegistry } = contracts;
  const registry = datasetRegistry.connect(await signerOf(connection, args.from));
  const records =
    ids.length > 0 ? await withMarketGrants(contracts, dataset, ids) : await listableRecords(contracts, dataset);
  const { version, receipts } = await addRecords(registry, dataset, records);
  return {
    ...stockText(await datasetOf(datasetRegistry, dataset)),
    added: records.length,
    joinsVersion: version,
    transactions: receipts.map(({ hash }) => hash),
  };
}
