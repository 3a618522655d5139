import { TypedDataEncoder } from "ethers";
import { NotSignedBy } from "../src/eip712.js";
import { LeafKind } from "../src/records/index.js";
import { recordStatement } from "../src/records/recordSignatures.js";
import { domainOfRequest, type SectionToSign, type SigningRequest } from "../src/records/signingRequest.js";
import { type PartySignature, verifyRecordSignature } from "../src/records/signRecord.js";
import type { ChainView, FinalBlock } from "./chainView.js";
import { isSignedByContract } from "./contractSignature.js";
import type { MedicalDatabase } from "./medicalDatabase.js";
import { openRecord, type Served } from "./recordStore.js";
import type { SigningRequestTable, Storage } from "./storage/schema.js";

/** Where a request stands. Signed by both, the institution registers the record. */
export type RequestState = "pending" | "signed" | "expired";

/** A signing request without the record's content. */
export interface RequestSummary {
  readonly id: string;
  readonly supersedes: string;
  readonly patientWallet: string;
  readonly doctorWallet: string;
  /** Last second, since 1970, at which the signatures count. */
  readonly deadline: number;
  readonly state: RequestState;
  /** The signatures so far. */
  readonly signatures: { readonly patient?: string; readonly doctor?: string };
}

/** Thrown when there is no open request, or none that the wallet has to do with: to it that is the same. */
export class RequestNotFound extends Error {
  override readonly name = "RequestNotFound";

  constructor() {
    super("No such request waits for you; a registered record is read as Bundle");
  }
}

const LIST_LIMIT = 100;

/** Stores the request that goes with a new record. */
export async function insertSigningRequest(
  transaction: Storage,
  request: Omit<SigningRequestTable, "patient_signature" | "doctor_signature" | "closed">,
): Promise<void> {
  const open = { patient_signature: null, doctor_signature: null, closed: null };
  await transaction
    .insertInto("signing_requests")
    .values({ ...request, ...open })
    .execute();
}

/** The request for a record, if it is still open. */
export async function findRequest(
  { storage }: MedicalDatabase,
  id: string,
  now: Date,
): Promise<RequestSummary | undefined> {
  const open = storage.selectFrom("signing_requests").selectAll().where("closed", "is", null);
  const row = await open.where("record_id", "=", id).executeTakeFirst();
  return row && summaryOf(row, now);
}

/** The open requests that `wallet` has to sign, at most 100, the earliest deadline first. */
export async function requestsOfParty(
  { storage }: MedicalDatabase,
  wallet: string,
  now: Date,
): Promise<RequestSummary[]> {
  const open = storage.selectFrom("signing_requests").selectAll().where("closed", "is", null);
  const own = open.where(({ or, eb }) => or([eb("patient_wallet", "=", wallet), eb("doctor_wallet", "=", wallet)]));
  const rows = await own.orderBy("deadline").orderBy("record_id").limit(LIST_LIMIT).execute();
  return rows.map((row) => summaryOf(row, now));
}

/** The requests that both have signed and the institution can register, at most 100, the earliest deadline first. */
export async function signedRequests({ storage }: MedicalDatabase, now: Date): Promise<RequestSummary[]> {
  const open = storage.selectFrom("signing_requests").selectAll().where("closed", "is", null);
  const signed = open.where("patient_signature", "is not", null).where("doctor_signature", "is not", null);
  const rows = await signed.orderBy("deadline").orderBy("record_id").limit(LIST_LIMIT).execute();
  return rows.map((row) => summaryOf(row, now));
}

/** Closes a request: the chain knows the record now, or another version took its place. */
export async function closeRequest(storage: Storage, id: string, closed: "registered" | "withdrawn"): Promise<void> {
  const open = storage.updateTable("signing_requests").set({ closed }).where("closed", "is", null);
  await open.where("record_id", "=", id).execute();
}

/** Gives an open request that was not registered in time a new deadline; what was signed for the old one is void. */
export async function renewRequest(transaction: Storage, id: string, deadline: number): Promise<void> {
  await transaction
    .updateTable("signing_requests")
    .set({ deadline, patient_signature: null, doctor_signature: null })
    .where("record_id", "=", id)
    .where("closed", "is", null)
    .execute();
}

/** Stores a party's signature. Doing so again replaces it. */
export async function addSignature(
  transaction: Storage,
  id: string,
  { party, signature }: PartySignature,
): Promise<void> {
  const column = party === "patient" ? "patient_signature" : "doctor_signature";
  await transaction
    .updateTable("signing_requests")
    .set({ [column]: signature })
    .where("record_id", "=", id)
    .execute();
}

/**
 * Which of these requests the chain knows as records by now; they are closed.
 *
 * @throws ChainUnavailable
 */
export async function closeRegistered(
  { storage }: MedicalDatabase,
  chain: ChainView,
  requests: readonly RequestSummary[],
  block: FinalBlock,
): Promise<ReadonlySet<string>> {
  // One of a batch is on the chain without the signatures that were asked for here.
  const states = await Promise.all(
    requests.map(async ({ id }) => ({ id, known: (await chain.recordOf(id, block)).state !== "None" })),
  );
  const registered = new Set(states.filter(({ known }) => known).map(({ id }) => id));
  for (const id of registered) await closeRequest(storage, id, "registered");
  return registered;
}

/**
 * The request with the record's content, as doctor and patient check and sign it.
 *
 * @throws RecordShredded, SealBroken, KeyUnwrapFailed
 */
export async function openRequest(database: MedicalDatabase, summary: RequestSummary): Promise<SigningRequest> {
  const record = await openRecord(database, summary.id);
  const deidentified = new Map(
    record.serve(LeafKind.Deidentified, record.sections).map((served) => [served.path, formOf(served)]),
  );
  const sections = record.serve(LeafKind.Full, record.sections).map((served): SectionToSign => {
    const { path, dataClass } = served;
    const other = deidentified.get(path);
    const section = { path, resourceType: path.split("/")[0] ?? "", dataClass, full: formOf(served) };
    return other === undefined ? section : { ...section, deidentified: other };
  });
  const { id, supersedes, doctorWallet, deadline } = summary;
  const header = { ...record.header, chainId: record.header.chainId.toString() };
  return { id, supersedes, header, doctorWallet, sectionsRoot: record.sectionsRoot, deadline, sections };
}

/**
 * Checks that a party signed the request: an account off chain, a contract (ERC-1271) by asking it.
 *
 * @throws NotSignedBy, ChainUnavailable
 */
export async function verifyPartySignature(
  chain: ChainView,
  request: SigningRequest,
  signed: PartySignature,
): Promise<void> {
  try {
    verifyRecordSignature(request, signed);
  } catch (error) {
    if (!(error instanceof NotSignedBy)) throw error;
    const { id, supersedes, deadline, header, doctorWallet } = request;
    const wallet = signed.party === "patient" ? header.patient : doctorWallet;
    const hash = TypedDataEncoder.hash({ ...domainOfRequest(request) }, recordStatement.types, {
      id,
      supersedes,
      deadline,
    });
    if (!(await chain.ask(isSignedByContract(chain.provider, wallet, hash, signed.signature)))) throw error;
  }
}

function formOf({ salt, bytes }: Served) {
  return { salt, content: Buffer.from(bytes).toString("utf8") };
}

function summaryOf(row: SigningRequestTable, now: Date): RequestSummary {
  const { record_id, supersedes, patient_wallet, doctor_wallet, deadline, patient_signature, doctor_signature } = row;
  const both = patient_signature !== null && doctor_signature !== null;
  return {
    id: record_id,
    supersedes,
    patientWallet: patient_wallet,
    doctorWallet: doctor_wallet,
    deadline,
    state: now.getTime() > deadline * 1000 ? "expired" : both ? "signed" : "pending",
    signatures: {
      ...(patient_signature === null ? {} : { patient: patient_signature }),
      ...(doctor_signature === null ? {} : { doctor: doctor_signature }),
    },
  };
}
