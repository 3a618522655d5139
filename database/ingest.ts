import { getAddress, hexlify, ZeroHash } from "ethers";
import { isSameIdentity } from "../src/accounts/index.js";
import {
  type BundleDocuments,
  buildRecord,
  type DirectoryEntry,
  documentsOf,
  type EncounterDocument,
  type PatientBundle,
  readBundle,
  recordedAtOf,
} from "../src/records/index.js";
import { dayCeil } from "../src/utcDay.js";
import { appendAuditEvent } from "./audit.js";
import { auditEventOf } from "./auditEvent.js";
import type { ChainView, FinalBlock } from "./chainView.js";
import { keepDirectory, knownDirectory } from "./directoryStore.js";
import type { Session } from "./login.js";
import type { MedicalDatabase } from "./medicalDatabase.js";
import { freeContent, insertRecord, type RecordIndexes, type RecordRows, sealRecord } from "./recordStore.js";
import {
  closeRequest,
  findRequest,
  insertSigningRequest,
  type RequestSummary,
  renewRequest,
} from "./signingRequests.js";
import type { RecordTable } from "./storage/schema.js";
import { type WalletDirectory, WalletDirectoryUnavailable, WalletUnknown } from "./walletDirectory.js";

/** What ingest needs. */
export interface IngestContext {
  readonly database: MedicalDatabase;
  readonly chain: ChainView;
  readonly wallets: WalletDirectory;
  /** Who sends the bundle, for the audit chain. */
  readonly session: Session;
  readonly now: Date;
}

/**
 * What became of one encounter. `stored`: a new record waits for signatures; `unchanged`: it was stored before; `renewed`: it was, but
 * had to be signed by now, and waits for new signatures; `waits-for-patient`: it changed, but nothing can amend its record, which is only
 * asserted, before the patient accepts or repudiates it; `not-ours`: another institution provided it, or none is named.
 */
export type EncounterFate =
  | {
      readonly encounterId: string;
      readonly fate: "stored" | "unchanged" | "renewed" | "waits-for-patient";
      readonly recordId: string;
    }
  | { readonly encounterId: string; readonly fate: "not-ours" };

/** What became of a bundle. */
export interface IngestReport {
  readonly bundle: PatientBundle;
  readonly documents: BundleDocuments;
  readonly encounters: readonly EncounterFate[];
}

/** How long doctor and patient have to sign, in milliseconds; rounded up to a whole UTC day. */
const SIGNING_TIME = 30 * 24 * 3_600_000;

/**
 * Takes in one patient's transaction bundle: makes a record and a signing request of each encounter that this institution provided. All
 * of it is stored in one transaction, or nothing. The same bundle again changes nothing, unless a doctor's wallet was replaced before the
 * record was signed: then a record for the new wallet takes its place. An encounter whose content changed becomes a new record that
 * supersedes the old one.
 *
 * @param bytes the bundle as received
 * @throws BundleRefused, NotAPatientBundle, WalletUnknown, WalletDirectoryUnavailable, ChainUnavailable
 */
export async function ingest(context: IngestContext, bytes: Uint8Array): Promise<IngestReport> {
  const bundle = readBundle(bytes);
  return context.database.intake.run(() => take(context, bundle));
}

async function take(context: IngestContext, bundle: PatientBundle): Promise<IngestReport> {
  const { database, chain, now, session } = context;
  const documents = documentsOf(bundle, await knownDirectory(database, bundle));
  const block = await chain.finalBlock(now);
  const plans: Plan[] = [];
  for (const document of documents.documents) plans.push(await planFor(context, document, block));
  await database.storage.transaction().execute(async (transaction) => {
    for (const { apply } of plans) await apply?.(transaction);
    await keepDirectory(transaction, database.keys, keptEntries(documents, plans));
    // The log is in the clear: the ids of one bundle would tell whose wallets are one patient's.
    const report = { interaction: "transaction", session, outcome: "granted", records: [] } as const;
    await appendAuditEvent(transaction, auditEventOf(report, database.institution.number, now));
  });
  return { bundle, documents, encounters: plans.map(({ fate }) => fate) };
}

/** What is to be done about one encounter. */
interface Plan {
  readonly document: EncounterDocument;
  readonly fate: EncounterFate;
  readonly apply?: (transaction: MedicalDatabase["storage"]) => Promise<void>;
}

async function planFor(context: IngestContext, document: EncounterDocument, block: FinalBlock): Promise<Plan> {
  const { database } = context;
  const { encounterId } = document;
  if (!isProvidedBy(document.serviceProvider, database)) return { document, fate: { encounterId, fate: "not-ours" } };
  const indexes = indexesOf(document, database);
  const same = await recordWith(database, "content_index", indexes.content);
  if (same !== undefined) return fateOfStored(context, document, same, indexes, block);
  const previous = await recordWith(database, "encounter_index", indexes.encounter);
  if (previous === undefined) return newVersion(context, document, indexes, undefined);
  const amends = await amendmentOf(context, previous, block);
  if (amends === "waits-for-patient") {
    return { document, fate: { encounterId, fate: amends, recordId: previous.record_id } };
  }
  return newVersion(context, document, indexes, amends);
}

async function newVersion(
  { database, chain, wallets, now }: IngestContext,
  document: EncounterDocument,
  indexes: RecordIndexes,
  amends: Amendment | undefined,
): Promise<Plan> {
  const { encounterId, patient, practitioner } = document;
  const institution = database.institution.number;
  const wallet =
    amends?.patient ?? (await asked(wallets.patientWallet(patient.identifiers, hexlify(indexes.encounter))));
  const doctor = amends?.doctor ?? (await asked(wallets.doctorWallet(practitioner?.identifiers, institution)));
  const record = buildRecord(document, {
    chainId: chain.chainId,
    registry: chain.recordRegistryAddress,
    patient: getAddress(wallet),
    doctor: doctor.number,
    institution,
    recordedAt: recordedAtOf(now),
  });
  const request = {
    record_id: record.id,
    patient_wallet: getAddress(wallet),
    doctor_wallet: getAddress(doctor.wallet),
    supersedes: amends?.supersedes ?? ZeroHash,
    deadline: deadlineFrom(now),
  };
  const apply = store(database, await sealRecord(database, record, indexes), request, amends?.withdrawn);
  return { document, fate: { encounterId, fate: "stored", recordId: record.id }, apply };
}

function store(
  { keys }: MedicalDatabase,
  rows: RecordRows,
  request: Parameters<typeof insertSigningRequest>[1],
  withdrawn: string | undefined,
): NonNullable<Plan["apply"]> {
  return async (transaction) => {
    if (withdrawn !== undefined) {
      await closeRequest(transaction, withdrawn, "withdrawn");
      await freeContent(transaction, keys, withdrawn);
    }
    await insertRecord(transaction, keys, rows);
    await insertSigningRequest(transaction, request);
  };
}

/**
 * A record that is stored already. An open request is closed if the chain knows the record by now, made anew for a wallet that took the
 * doctor's place, and renewed if it was not signed in time.
 */
async function fateOfStored(
  context: IngestContext,
  document: EncounterDocument,
  { record_id: recordId, patient }: StoredVersion,
  indexes: RecordIndexes,
  block: FinalBlock,
): Promise<Plan> {
  const { database, chain, now } = context;
  const { encounterId } = document;
  const unchanged: Plan = { document, fate: { encounterId, fate: "unchanged", recordId } };
  const request = await findRequest(database, recordId, now);
  if (request === undefined) return unchanged;
  if ((await chain.recordOf(recordId, block)).state !== "None") {
    return { ...unchanged, apply: (transaction) => closeRequest(transaction, recordId, "registered") };
  }
  const doctor = await replacementOf(context, document, request, block);
  if (doctor !== undefined) {
    const { supersedes } = request;
    return newVersion(context, document, indexes, { patient, supersedes, withdrawn: recordId, doctor });
  }
  if (request.state !== "expired") return unchanged;
  const renew: Plan["apply"] = (transaction) => renewRequest(transaction, recordId, deadlineFrom(now));
  return { document, fate: { encounterId, fate: "renewed", recordId }, apply: renew };
}

/** The wallet that is to sign in the place of the request's, which the directory no longer names and which cannot sign or has not. */
async function replacementOf(
  { database, chain, wallets }: IngestContext,
  { practitioner }: EncounterDocument,
  { doctorWallet, signatures }: RequestSummary,
  block: FinalBlock,
): Promise<Doctor | undefined> {
  const named = asked(wallets.doctorWallet(practitioner?.identifiers, database.institution.number));
  // A doctor whom nobody knows any more has no other wallet: what is stored stays as it is.
  const doctor = await named.catch((error: unknown) => {
    if (!(error instanceof WalletUnknown)) throw error;
  });
  if (doctor === undefined || getAddress(doctor.wallet) === doctorWallet) return undefined;
  const isSigned = signatures.doctor !== undefined && (await chain.accountOf(doctorWallet, block)).active;
  return isSigned ? undefined : doctor;
}

/** A stored record, by what the file says of it in the clear. */
type StoredVersion = Pick<RecordTable, "record_id" | "patient">;

interface Amendment {
  readonly patient: string;
  readonly supersedes: string;
  /** The version that nobody registered and that need not be signed any more. */
  readonly withdrawn?: string;
  /** Who signs it; by default the one whom the directory names. */
  readonly doctor?: Doctor;
}

type Doctor = Awaited<ReturnType<WalletDirectory["doctorWallet"]>>;

/** How a new version of an encounter relates to the newest one that is stored. */
async function amendmentOf(
  { database, chain }: IngestContext,
  { record_id, patient }: StoredVersion,
  block: FinalBlock,
): Promise<Amendment | "waits-for-patient"> {
  const { state } = await chain.recordOf(record_id, block);
  if (state === "Asserted") return "waits-for-patient";
  if (state === "None") {
    return { patient, supersedes: await supersededBy(database, record_id), withdrawn: record_id };
  }
  return { patient, supersedes: state === "Repudiated" ? ZeroHash : record_id };
}

function isProvidedBy(provider: DirectoryEntry | undefined, { institution }: MedicalDatabase): boolean {
  return provider?.identifiers.some((one) => isSameIdentity(one, institution.organization)) ?? false;
}

/** The content is what is the encounter's own: that the patient moved house does not change old records. */
function indexesOf({ encounterId, sections }: EncounterDocument, { keys }: MedicalDatabase): RecordIndexes {
  const own = sections.filter(({ copy }) => !copy);
  const parts = own.flatMap(({ resourceType, id, bytes }) => [resourceType, id, bytes]);
  return { encounter: keys.indexOf("encounter", encounterId), content: keys.indexOf("content", encounterId, ...parts) };
}

async function recordWith(
  { storage }: MedicalDatabase,
  column: "content_index" | "encounter_index",
  index: Uint8Array,
): Promise<StoredVersion | undefined> {
  const query = storage.selectFrom("records").select(["record_id", "patient"]).where(column, "=", index);
  return query.orderBy("sequence", "desc").limit(1).executeTakeFirst();
}

/** What a record was made to supersede, also where its request was withdrawn because it was shredded. */
async function supersededBy({ storage }: MedicalDatabase, recordId: string): Promise<string> {
  const request = storage.selectFrom("signing_requests").select("supersedes").where("record_id", "=", recordId);
  return (await request.executeTakeFirstOrThrow()).supersedes;
}

async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof WalletUnknown) throw error;
    throw new WalletDirectoryUnavailable(error);
  }
}

function deadlineFrom(now: Date): number {
  return dayCeil(new Date(now.getTime() + SIGNING_TIME));
}

/** Only whom the records that are stored here name: nobody else of the bundle is the institution's business. */
function keptEntries({ directory }: BundleDocuments, plans: readonly Plan[]): DirectoryEntry[] {
  const stored = plans.filter(({ fate }) => fate.fate !== "not-ours" && fate.fate !== "waits-for-patient");
  const ours = stored.flatMap(({ document }) => document.sections);
  const named = new Set(ours.filter(({ copy }) => copy).map(({ resourceType, id }) => `${resourceType}/${id}`));
  return directory.filter(({ resourceType, id }) => named.has(`${resourceType}/${id}`));
}
