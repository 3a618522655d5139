import type { DatasetRegistry } from "../../types/ethers-contracts/index.js";
import type { BlockRange } from "../eventLog.js";
import { unpackRecord } from "../records/indexedRecord.js";
import { mined } from "../transaction.js";
import { datasetOf } from "./dataset.js";
import { datasetRecords, type ListedRecord } from "./datasetRecords.js";
import { inBatches } from "./inBatches.js";
import { isMarketable, type ListingSources } from "./marketGrant.js";
import { type OpenedVersion, opened } from "./versions.js";

/**
 * Takes records out of a dataset whose consent ended or which were superseded, 100 in a transaction, each of which opens a
 * version. Anyone may.
 *
 * @param records each with the grant under which it was listed, see {@link prunableRecords}.
 * @returns the versions that were opened.
 * @throws {ChainError} if the registry refuses a transaction: a consent that holds, another key, or not in the dataset.
 */
export async function pruneRecords(
  registry: DatasetRegistry,
  dataset: number,
  records: readonly ListedRecord[],
): Promise<OpenedVersion[]> {
  const versions: OpenedVersion[] = [];
  for (const batch of inBatches(records)) {
    const ids = batch.map(({ id }) => id);
    const keys = batch.map(({ key }) => key);
    versions.push(await opened(registry, await mined(registry, () => registry.prune(dataset, ids, keys))));
  }
  return versions;
}

/**
 * The records of a dataset, on sale or waiting, whose consent does not hold any more or which were superseded.
 *
 * @param range where to look for the dataset's events; the whole chain by default.
 * @throws {ChainError} `DatasetUnknown`; {@link ProviderMissing}; what the node throws.
 */
export async function prunableRecords(
  sources: ListingSources,
  dataset: number,
  range: BlockRange = {},
): Promise<ListedRecord[]> {
  const found = await datasetOf(sources.datasetRegistry, dataset);
  const records = await datasetRecords(sources.datasetRegistry, dataset, found.version + 1, range);
  const holds = await Promise.all(
    records.map(async (record) => {
      const { state } = unpackRecord(BigInt(await sources.recordRegistry.records(record.id)));
      return state === "Accepted" && (await isMarketable(sources, found, record));
    }),
  );
  return records.filter((_, place) => !holds[place]);
}
