import type { ConsentRegistry, DatasetRegistry, RecordRegistry } from "../../types/ethers-contracts/index.js";
import { Role } from "../accounts/role.js";
import { eventsAbout } from "../eventLog.js";
import { allRecords, grantKeyOf, institution, oneRecord, recordsOfClass, role } from "../records/grant.js";
import { unpackRecord } from "../records/indexedRecord.js";
import { purposeBits } from "../records/purposeOfUse.js";
import { type Dataset, datasetOf } from "./dataset.js";
import type { ListedRecord } from "./datasetRecords.js";

/** The contracts that say which records may be in a dataset. */
export interface ListingSources {
  readonly recordRegistry: RecordRegistry;
  readonly consentRegistry: ConsentRegistry;
  readonly datasetRegistry: DatasetRegistry;
}

type Use = Pick<Dataset, "institution" | "purposes" | "sectionClasses">;

/** No grant of the patient lets the provider market the record in this dataset. */
export class MarketGrantMissing extends Error {
  override readonly name = "MarketGrantMissing";

  constructor(id: string, provider: number) {
    super(
      `No grant lets institution ${provider} market the record ${id}: ask its patient for one to the institution, or to ` +
        "the role Institution, for HMARKT and all purposes and section classes of the dataset.",
    );
  }
}

/**
 * The key of a standing grant that lets a dataset's provider market a record: to the institution or to all institutions,
 * for the record, its class, or all records of its wallet.
 *
 * @param id the record's, 32 bytes in hex.
 * @returns undefined if there is none, or the record is not accepted.
 * @throws what the node throws.
 */
export async function marketGrantOf(sources: ListingSources, dataset: Use, id: string): Promise<string | undefined> {
  const { patient, dataClass, state } = unpackRecord(BigInt(await sources.recordRegistry.records(id)));
  if (state !== "Accepted") return undefined;
  const recipients = [institution(dataset.institution), role(Role.Institution)];
  const scopes = [oneRecord(id), recordsOfClass(dataClass), allRecords()];
  const keys = recipients.flatMap((recipient) => scopes.map((scope) => grantKeyOf(patient, scope, recipient)));
  const covers = await Promise.all(keys.map((key) => isMarketable(sources, dataset, { id, key })));
  return keys.find((_, place) => covers[place]);
}

/** Whether the grant under `key` lets the dataset's provider market the record now. @throws what the node throws. */
export async function isMarketable(sources: ListingSources, dataset: Use, { id, key }: ListedRecord): Promise<boolean> {
  const purposes = (dataset.purposes | purposeBits("HMARKT")) >>> 0;
  const { institution: provider, sectionClasses } = dataset;
  return sources.consentRegistry.coversInstitution(key, id, provider, purposes, sectionClasses);
}

/**
 * Records with the grants under which they can be listed.
 *
 * @throws {MarketGrantMissing} for the first without one; {@link ChainError} `DatasetUnknown`; what the node throws.
 */
export async function withMarketGrants(
  sources: ListingSources,
  dataset: number,
  ids: readonly string[],
): Promise<ListedRecord[]> {
  const found = await datasetOf(sources.datasetRegistry, dataset);
  return Promise.all(
    ids.map(async (id) => {
      const key = await marketGrantOf(sources, found, id);
      if (key === undefined) throw new MarketGrantMissing(id, found.institution);
      return { id, key };
    }),
  );
}

/**
 * All records that a dataset's provider can add to it now: accepted ones of its own, of a class that the dataset takes,
 * in no dataset, and with a grant.
 *
 * @throws {ChainError} `DatasetUnknown`; {@link ProviderMissing}; what the node throws.
 */
export async function listableRecords(sources: ListingSources, dataset: number): Promise<ListedRecord[]> {
  const found = await datasetOf(sources.datasetRegistry, dataset);
  const events = await eventsAbout(sources.recordRegistry, "institution", String(found.institution));
  const ids = [...new Set(events.map(({ args }) => String(args.id)))];
  const listable = await Promise.all(ids.map((id) => listableRecord(sources, found, id)));
  return listable.flat();
}

async function listableRecord(sources: ListingSources, dataset: Dataset, id: string): Promise<ListedRecord[]> {
  const [word, { joined, left }] = await Promise.all([
    sources.recordRegistry.records(id),
    sources.datasetRegistry.membershipOf(id),
  ]);
  const isFree = joined === 0n || left !== 0n;
  if (!isFree || dataset.weights[unpackRecord(BigInt(word)).dataClass] === undefined) return [];
  const key = await marketGrantOf(sources, dataset, id);
  return key === undefined ? [] : [{ id, key }];
}
