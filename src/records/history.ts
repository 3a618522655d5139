import type { ConsentRegistry, RecordRegistry } from "../../types/ethers-contracts/index.js";
import { ChainError } from "../chainError.js";
import { type BlockRange, eventsAbout, inOrder, type LoggedEvent, type TimedEvent } from "../eventLog.js";
import { allRecords, grantKeyOf, kindsOf, oneRecord, recordsOfClass } from "./grant.js";
import { type IndexedRecord, unpackRecord } from "./indexedRecord.js";
import { unpackGrant } from "./terms.js";

/** The contracts that know something of a record. */
export interface HistorySources {
  readonly recordRegistry: RecordRegistry;
  readonly consentRegistry: ConsentRegistry;
}

/**
 * A record's whole life, from the events of the contracts, in order: registered or asserted, accepted, repudiated,
 * amended; the grants that cover it, narrowed, revoked; opened in an emergency. Grants that the wallet gave before the
 * record came are part of it.
 *
 * @param recordId 32 bytes in hex.
 * @param range where to look; the whole chain by default. A grant from before it is not known, nor what became of it:
 * begin at or before the block of the deployment.
 * @throws {ChainError} `RecordUnknown`; {@link ProviderMissing}; what the node throws.
 */
export async function historyOf(
  { recordRegistry, consentRegistry }: HistorySources,
  recordId: string,
  range: BlockRange = {},
): Promise<TimedEvent[]> {
  const record = unpackRecord(BigInt(await recordRegistry.records(recordId)));
  if (record.state === "None") throw new ChainError("RecordUnknown", { id: recordId });
  const chapters = await Promise.all([
    recordEvents(recordRegistry, recordId, range),
    consentEvents(consentRegistry, recordId, record, range),
  ]);
  return inOrder(recordRegistry, chapters.flat());
}

async function recordEvents(registry: RecordRegistry, recordId: string, range: BlockRange): Promise<LoggedEvent[]> {
  const [own, successors] = await Promise.all([
    eventsAbout(registry, "id", recordId, range),
    eventsAbout(registry, "supersedes", recordId, range),
  ]);
  return [...own, ...successors];
}

async function consentEvents(
  registry: ConsentRegistry,
  recordId: string,
  record: IndexedRecord,
  range: BlockRange,
): Promise<LoggedEvent[]> {
  const [ofWallet, ofRecord] = await Promise.all([
    eventsAbout(registry, "patient", record.patient, range),
    eventsAbout(registry, "id", recordId, range),
  ]);
  const keys = new Set(
    ofWallet.filter((event) => isCovering(event, recordId, record)).map(({ args }) => String(args.key)),
  );
  const ofGrants = await Promise.all([...keys].map((key) => eventsAbout(registry, "key", key, range)));
  // What names a key comes with its grant; the rest concerns all records of the wallet.
  const ofWalletAlone = ofWallet.filter(({ args }) => args.key === undefined);
  return [...ofWalletAlone, ...ofRecord, ...ofGrants.flat().map(withTerms)];
}

/** Shows what was granted, in place of the packed word. */
function withTerms(logged: LoggedEvent): LoggedEvent {
  const { granted } = logged.args;
  return typeof granted === "bigint" ? { ...logged, args: { ...logged.args, granted: unpackGrant(granted) } } : logged;
}

/** Whether the event is a grant that covers the record: its key is the key of a scope that does, for the same recipient. */
function isCovering({ event, args }: LoggedEvent, recordId: string, record: IndexedRecord): boolean {
  const { key, recipient } = args;
  if (event !== "ConsentGranted" || typeof key !== "string" || typeof recipient !== "bigint") return false;
  const kind = kindsOf(key)?.recipient;
  if (kind === undefined) return false;
  const scopes = [allRecords(), recordsOfClass(record.dataClass), oneRecord(recordId)];
  return scopes.some((scope) => grantKeyOf(record.patient, scope, { kind, value: recipient }) === key);
}
