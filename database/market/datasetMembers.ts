import type { DatasetRegistry } from "../../types/ethers-contracts/index.js";

/** Records that joined a dataset with a version, or left it with one. */
export interface MembershipChange {
  readonly version: number;
  readonly ids: readonly string[];
  /** Key of the grant under which each was listed; undefined when they left. */
  readonly keys: readonly string[] | undefined;
  readonly block: number;
  /** Place in the block. */
  readonly index: number;
}

/**
 * The records of a version of a dataset, each with the key of the grant under which it was listed, by the registry's events.
 *
 * @param toBlock number of the last block to look at; the newest by default
 * @throws what the node throws
 */
export async function membersOfVersion(
  registry: DatasetRegistry,
  dataset: number,
  version: number,
  toBlock?: number,
): Promise<Map<string, string>> {
  const [listed, left] = await Promise.all([
    registry.queryFilter(registry.filters.RecordsListed(dataset), 0, toBlock),
    registry.queryFilter(registry.filters.RecordsLeft(dataset), 0, toBlock),
  ]);
  // By position: an array has a method of the name `keys`.
  const joined = listed.map((event) => ({ ...placeOf(event), keys: [...event.args[3]] }));
  return membersFrom([...joined, ...left.map((event) => ({ ...placeOf(event), keys: undefined }))], version);
}

/**
 * The records that the changes of one dataset leave in `version`; what joins or leaves with a later version does not count.
 *
 * @returns grant keys by record
 */
export function membersFrom(changes: readonly MembershipChange[], version: number): Map<string, string> {
  const members = new Map<string, string>();
  const happened = changes.filter((change) => change.version <= version);
  for (const { ids, keys } of happened.sort((a, b) => a.block - b.block || a.index - b.index)) {
    for (const [index, id] of ids.entries()) {
      const key = keys?.[index];
      if (key === undefined) members.delete(id);
      else members.set(id, key);
    }
  }
  return members;
}

function placeOf({
  args,
  blockNumber,
  index,
}: {
  readonly args: { readonly version: bigint; readonly ids: readonly string[] };
  readonly blockNumber: number;
  readonly index: number;
}) {
  return { version: Number(args.version), ids: [...args.ids], block: blockNumber, index };
}
