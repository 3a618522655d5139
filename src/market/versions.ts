import type { DatasetRegistry } from "../../types/ethers-contracts/index.js";
import { receiptEvent } from "../consensus/receiptEvent.js";
import { type Mined, mined } from "../transaction.js";

/** A version that is on sale. */
export interface OpenedVersion extends Mined {
  readonly version: number;
  /** Records in it. */
  readonly records: number;
}

/**
 * Puts a version on sale that holds the records that wait. The registry's runner is the provider's wallet.
 *
 * @throws {ChainError} if the registry refuses: not the provider, nothing waits, closed, or a pause.
 */
export async function openVersion(registry: DatasetRegistry, dataset: number): Promise<OpenedVersion> {
  return opened(registry, await mined(registry, () => registry.openVersion(dataset)));
}

/**
 * Takes records out of a dataset; the new version also takes in those that wait. The registry's runner is the provider's
 * wallet.
 *
 * @param ids 1 to 100 records of the dataset.
 * @throws {ChainError} if the registry refuses: not the provider, or a record that is not in the dataset.
 */
export async function withdrawRecords(
  registry: DatasetRegistry,
  dataset: number,
  ids: readonly string[],
): Promise<OpenedVersion> {
  return opened(registry, await mined(registry, () => registry.withdrawRecords(dataset, [...ids])));
}

/** The version that a transaction opened. @throws {EventMissing} */
export async function opened(registry: DatasetRegistry, { receipt }: Mined): Promise<OpenedVersion> {
  const { args } = await receiptEvent(registry, receipt, "VersionOpened");
  return { version: Number(args.version), records: Number(args.records), receipt };
}
