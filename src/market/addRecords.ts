import type { ContractTransactionReceipt } from "ethers";
import type { DatasetRegistry } from "../../types/ethers-contracts/index.js";
import { receiptEvent } from "../consensus/receiptEvent.js";
import { mined } from "../transaction.js";
import type { ListedRecord } from "./datasetRecords.js";
import { inBatches } from "./inBatches.js";

/** Records that wait for the next version. */
export interface Added {
  /** The version that they join with, unless another one is opened before; undefined if none was added. */
  readonly version: number | undefined;
  readonly receipts: readonly ContractTransactionReceipt[];
}

/**
 * Adds records to a dataset, 100 in a transaction; they join with the next version. The registry's runner is the provider's
 * wallet.
 *
 * @param records each with the grant that lets the provider market it, see `marketGrantOf`.
 * @throws {ChainError} if the registry refuses a transaction: none of its records is added, those before are.
 */
export async function addRecords(
  registry: DatasetRegistry,
  dataset: number,
  records: readonly ListedRecord[],
): Promise<Added> {
  const receipts: ContractTransactionReceipt[] = [];
  let version: number | undefined;
  for (const batch of inBatches(records)) {
    const ids = batch.map(({ id }) => id);
    const keys = batch.map(({ key }) => key);
    const { receipt } = await mined(registry, () => registry.addRecords(dataset, ids, keys));
    version = Number((await receiptEvent(registry, receipt, "RecordsListed")).args.version);
    receipts.push(receipt);
  }
  return { version, receipts };
}
