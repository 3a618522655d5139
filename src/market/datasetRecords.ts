import type { DatasetRegistry } from "../../types/ethers-contracts/index.js";
import { type BlockRange, eventsAbout, type LoggedEvent } from "../eventLog.js";

/** A record in a dataset. */
export interface ListedRecord {
  /** 32 bytes in hex. */
  readonly id: string;
  /** The grant under which it was listed, 32 bytes in hex. */
  readonly key: string;
}

/**
 * The records of a version of a dataset, in the order in which they were listed, as the registry's events tell.
 *
 * @param version from 1; the next one holds what waits for it now. What joins or leaves with a later one does not count.
 * @param range where to look; the whole chain by default. Begin at or before the block in which the dataset was listed.
 * @throws {ProviderMissing}, and what the node throws.
 */
export async function datasetRecords(
  registry: DatasetRegistry,
  dataset: number,
  version: number,
  range: BlockRange = {},
): Promise<ListedRecord[]> {
  const held = new Map<string, string>();
  for (const event of await changesOf(registry, dataset, range)) {
    if (Number(event.args.version) > version) continue;
    if (event.event === "RecordsListed") for (const { id, key } of listedIn(event)) held.set(id, key);
    if (event.event === "RecordsLeft") for (const id of wordsOf(event.args.ids)) held.delete(id);
  }
  return [...held].map(([id, key]) => ({ id, key }));
}

/**
 * The ids of all records that were ever in a dataset, each once, in the order in which they came.
 *
 * @param range where to look, as for {@link datasetRecords}.
 * @throws {ProviderMissing}, and what the node throws.
 */
export async function everListed(
  registry: DatasetRegistry,
  dataset: number,
  range: BlockRange = {},
): Promise<string[]> {
  const events = await changesOf(registry, dataset, range);
  const listed = events.filter(({ event }) => event === "RecordsListed").flatMap(listedIn);
  return [...new Set(listed.map(({ id }) => id))];
}

/** A dataset's events in the order in which they happened, in which a node need not tell them. */
async function changesOf(registry: DatasetRegistry, dataset: number, range: BlockRange): Promise<LoggedEvent[]> {
  const events = await eventsAbout(registry, "dataset", String(dataset), range);
  return events.sort((a, b) => a.block - b.block || a.index - b.index);
}

function listedIn({ args }: LoggedEvent): ListedRecord[] {
  const keys = wordsOf(args.keys);
  return wordsOf(args.ids).map((id, place) => ({ id, key: keys[place] ?? "" }));
}

function wordsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.map(String) : [];
}
