import type { Signer } from "ethers";
import { isJsonObject, type JsonObject, objectsIn, stringIn } from "../../src/records/json.js";
import { readSigningRequest } from "../../src/records/readSigningRequest.js";
import type { Party, SigningRequest } from "../../src/records/signingRequest.js";
import { type SignedRequest, type SigningOptions, signRecord } from "../../src/records/signRecord.js";
import { fhirIdOf, RECORD_LIMITS } from "../recordBundle.js";
import type { RequestState } from "../signingRequests.js";
import { type DatabaseSession, jsonOf } from "./session.js";

/** A request that waits, without its content. */
export interface WaitingRequest {
  /** The record's id, 32 bytes in hex. */
  readonly id: string;
  readonly state: RequestState;
  /** Who has signed. */
  readonly signedBy: readonly Party[];
}

/** Thrown when a request has not both signatures yet. */
export class NotSignedYet extends Error {
  override readonly name = "NotSignedYet";

  constructor(id: string) {
    super(`Record ${id} is not signed by both yet: wait for patient and doctor`);
  }
}

/** The requests that wait for the session's wallet: to be signed, or, for an institution, to be registered. At most 100. */
export async function waitingRequests(session: DatabaseSession): Promise<WaitingRequest[]> {
  const { requests } = jsonOf(await session.get("/SigningRequest"));
  return objectsIn(requests).map((request) => ({
    id: stringIn(request, "id") ?? "",
    state: stateOf(stringIn(request, "state")),
    signedBy: (["patient", "doctor"] as const).filter((party) => stringIn(request.signatures, party) !== undefined),
  }));
}

/** A request with the record's content. It is of the right shape; whether it holds together, `checkSigningRequest` says. */
export async function fetchRequest(session: DatabaseSession, id: string): Promise<SigningRequest> {
  return readSigningRequest((await fetchSigned(session, id)).request);
}

/**
 * Fetches a request, checks every leaf, root and id of it, signs it as whichever party the signer is, and sends the signature.
 *
 * @param options what the signer trusts, see `signRecord`
 * @throws SigningRequestInvalid, SigningRequestExpired, NotAParty, DatabaseRefused, NotAMedicalDatabase, AnswerStalled
 */
export async function signWaiting(
  session: DatabaseSession,
  id: string,
  signer: Signer,
  options: SigningOptions = {},
): Promise<void> {
  const { signature } = await signRecord(await fetchRequest(session, id), signer, options);
  await session.post(`/SigningRequest/${fhirIdOf(id)}/$sign`, JSON.stringify({ signature }), "application/json");
}

/**
 * A request with both signatures, as `registerRecord` takes it; for the institution.
 *
 * @throws NotSignedYet, SigningRequestInvalid, DatabaseRefused, NotAMedicalDatabase, AnswerStalled
 */
export async function fetchSignedRequest(session: DatabaseSession, id: string): Promise<SignedRequest> {
  const { request, signatures } = await fetchSigned(session, id);
  const patient = stringIn(signatures, "patient");
  const doctor = stringIn(signatures, "doctor");
  if (patient === undefined || doctor === undefined) throw new NotSignedYet(id);
  return { request: readSigningRequest(request), signatures: { patient, doctor } };
}

/** Two forms of each section of a bundle of 16 MiB, in strings, where quotes and line ends take two bytes. */
const REQUEST_LIMITS = { ...RECORD_LIMITS, bytes: 72 * 1024 * 1024 };

async function fetchSigned(session: DatabaseSession, id: string): Promise<JsonObject> {
  const answer = jsonOf(await session.get(`/SigningRequest/${fhirIdOf(id)}`), REQUEST_LIMITS);
  return isJsonObject(answer) ? answer : {};
}

function stateOf(text: string | undefined): RequestState {
  return text === "signed" || text === "expired" ? text : "pending";
}
