import { everListed } from "../../src/market/datasetRecords.js";
import type { DatasetRegistry } from "../../types/ethers-contracts/index.js";
import { ArgumentInvalid, ArgumentMissing } from "../arguments/argumentInvalid.js";
import { numberArgument, recordsArgument } from "./arguments.js";

export interface MemberArguments {
  readonly ids: readonly string[];
  readonly dataset: string | undefined;
  readonly from: string;
}

/** The ids of the named records, or of all that a dataset ever had. @throws {ArgumentMissing}, {@link ArgumentInvalid}. */
export async function membersOf(
  registry: DatasetRegistry,
  { ids, dataset }: Omit<MemberArguments, "from">,
): Promise<string[]> {
  const named = recordsArgument(ids);
  if (named.length > 0 && dataset !== undefined) {
    throw new ArgumentInvalid(dataset, "either --dataset, or the ids of records");
  }
  if (named.length > 0) return named;
  if (dataset === undefined) throw new ArgumentMissing("dataset", "a dataset's number, or the ids of records");
  return everListed(registry, numberArgument(dataset));
}
