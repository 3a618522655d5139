import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { datasetRecords } from "../../src/market/datasetRecords.js";
import { openDeployment } from "../deployment.js";
import { numberArgument } from "./arguments.js";
import { datasetText } from "./dataset.js";

interface ShowArguments {
  readonly dataset: string;
  readonly atVersion: string | undefined;
  readonly records: boolean;
}

export default async function show(args: ShowArguments, hre: HardhatRuntimeEnvironment) {
  const number = numberArgument(args.dataset);
  const asked = args.atVersion === undefined ? undefined : numberArgument(args.atVersion);
  const { contracts } = await openDeployment(hre);
  const dataset = await datasetText(contracts, number);
  if (!args.records && asked === undefined) return dataset;
  const members = await datasetRecords(contracts.datasetRegistry, number, asked ?? dataset.version);
  return { ...dataset, members: members.map(({ id, key }) => ({ record: id, grant: key })) };
}
