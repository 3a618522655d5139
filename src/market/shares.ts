import type { ContractTransactionReceipt } from "ethers";
import { type DataMarket, type DatasetRegistry, DatasetRegistry__factory } from "../../types/ethers-contracts/index.js";
import { type BlockRange, eventsAbout } from "../eventLog.js";
import { mined } from "../transaction.js";
import { inBatches } from "./inBatches.js";

/** A record's share in the sales of one version of a dataset. */
export interface Share {
  readonly recordId: string;
  readonly dataset: number;
  readonly version: number;
  /** Which of the record's listings, 0 for the first. */
  readonly ordinal: number;
  /** The patient's, in wei of coin. */
  readonly patient: bigint;
  /** The doctor's, in wei of coin. */
  readonly doctor: bigint;
}

/** Shares that were paid. */
export interface ClaimedShares {
  readonly claimed: readonly Share[];
  readonly receipts: readonly ContractTransactionReceipt[];
}

type Listing = Pick<Share, "recordId" | "ordinal" | "dataset"> & { readonly joined: number; readonly left: number };

/**
 * Pays the patients and doctors of records their shares in the sales of all versions that held them, 100 in a transaction.
 * Anyone may: it pays nobody else.
 *
 * @param ids the records', 32 bytes in hex.
 * @param range where to look for the orders; the whole chain by default.
 * @returns nothing if nothing was due.
 * @throws {ChainError} if the market refuses a transaction, those before are done; what the node throws.
 */
export async function claimShares(
  market: DataMarket,
  ids: readonly string[],
  range: BlockRange = {},
): Promise<ClaimedShares> {
  const claimed = await dueShares(market, ids, range);
  const receipts: ContractTransactionReceipt[] = [];
  for (const batch of inBatches(claimed)) {
    const claims = batch.map(({ recordId, ordinal, version }) => ({ recordId, ordinal, version }));
    receipts.push((await mined(market, () => market.claimShares(claims))).receipt);
  }
  return { claimed, receipts };
}

/**
 * What records are due now, for each version that was sold.
 *
 * @param range where to look for the orders; the whole chain by default.
 * @throws what the node throws.
 */
export async function dueShares(market: DataMarket, ids: readonly string[], range: BlockRange = {}): Promise<Share[]> {
  const registry = DatasetRegistry__factory.connect(await market.datasetRegistry(), market.runner);
  const distinct = [...new Set(ids)];
  const listings = (await Promise.all(distinct.map((id) => listingsOf(registry, id)))).flat();
  const datasets = [...new Set(listings.map(({ dataset }) => dataset))];
  const versions = new Map(
    await Promise.all(
      datasets.map(async (dataset) => [dataset, await orderedVersions(market, dataset, range)] as const),
    ),
  );
  const claims = listings.flatMap(({ joined, left, ...listing }) =>
    (versions.get(listing.dataset) ?? [])
      .filter((version) => joined <= version && (left === 0 || version < left))
      .map((version) => ({ ...listing, version })),
  );
  const shares = await Promise.all(
    claims.map(async (claim) => {
      const { patient, doctor } = await market.shareOf(claim);
      return { ...claim, patient, doctor };
    }),
  );
  return shares.filter(({ patient, doctor }) => patient + doctor > 0n);
}

/** All listings of a record. */
async function listingsOf(registry: DatasetRegistry, recordId: string): Promise<Listing[]> {
  const last = await registry.membershipOf(recordId);
  if (last.joined === 0n) return [];
  const ordinals = Array.from({ length: Number(last.ordinal) + 1 }, (_, ordinal) => ordinal);
  const memberships = await Promise.all(ordinals.map((ordinal) => registry.membershipAt(recordId, ordinal)));
  return memberships.map(({ dataset, joined, left }, ordinal) => ({
    recordId,
    ordinal,
    dataset: Number(dataset),
    joined: Number(joined),
    left: Number(left),
  }));
}

async function orderedVersions(market: DataMarket, dataset: number, range: BlockRange): Promise<number[]> {
  const events = await eventsAbout(market, "dataset", String(dataset), range);
  const placed = events.filter(({ event }) => event === "OrderPlaced");
  return [...new Set(placed.map(({ args }) => Number(args.version)))].sort((a, b) => a - b);
}
