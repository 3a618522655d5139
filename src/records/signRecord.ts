import { getAddress, type Signer, ZeroHash } from "ethers";
import { requireSignedBy, signTyped, type TypedDomain } from "../eip712.js";
import { checkSigningRequest, SigningRequestInvalid } from "./checkSigningRequest.js";
import {
  type RecordBatchMessage,
  type RecordMessage,
  recordBatchStatement,
  recordStatement,
} from "./recordSignatures.js";
import { domainOfRequest, type Party, partyOf, type SigningRequest } from "./signingRequest.js";

/** One party's signature. */
export interface PartySignature {
  readonly party: Party;
  readonly signature: string;
}

/** A signing request with both signatures, ready to be registered. */
export interface SignedRequest {
  readonly request: SigningRequest;
  readonly signatures: Readonly<Record<Party, string>>;
}

/** Requests for earlier records, which their doctor signed together, ready to be registered. */
export interface SignedBatch {
  /** 1 to 256, all of one registry, institution, doctor and deadline. */
  readonly requests: readonly [SigningRequest, ...SigningRequest[]];
  readonly signature: string;
}

export interface SigningOptions {
  /**
   * Where the signer means to sign (`domainOf` a registry that it trusts): a request for another chain or registry is
   * refused. By default the registry that the request names, and the signature counts only there.
   */
  readonly domain?: TypedDomain;
  /** The present, where that is not the clock's (a simulated chain). */
  readonly now?: Date;
}

/** The request's time is over. */
export class SigningRequestExpired extends Error {
  override readonly name = "SigningRequestExpired";

  constructor(deadline: number) {
    super(
      `The request had to be signed by ${new Date(deadline * 1000).toISOString()}: ask the institution for a new one.`,
    );
  }
}

/** The requests cannot be signed as one batch. */
export class BatchInvalid extends Error {
  override readonly name = "BatchInvalid";

  constructor(remedy: string) {
    super(`These requests are no batch: ${remedy}.`);
  }
}

/**
 * Checks the request, then signs it as whichever party the signer is.
 *
 * @throws {SigningRequestInvalid}, {@link SigningRequestExpired}, {@link NotAParty}.
 */
export async function signRecord(
  request: SigningRequest,
  signer: Signer,
  options: SigningOptions = {},
): Promise<PartySignature> {
  requireSignable(request, options);
  const party = partyOf(request, await signer.getAddress());
  return { party, signature: await signTyped(signer, domainOfRequest(request), recordStatement, messageOf(request)) };
}

/**
 * Checks off chain that a party signed the request. A wallet that is a contract (ERC-1271) counts as not having signed:
 * only the chain can ask it.
 *
 * @throws {NotSignedBy}
 */
export function verifyRecordSignature(request: SigningRequest, { party, signature }: PartySignature): void {
  const signer = party === "patient" ? request.header.patient : request.doctorWallet;
  requireSignedBy(signer, domainOfRequest(request), recordStatement, messageOf(request), signature);
}

/**
 * Checks the requests for earlier records, then signs them together, in this order, as their doctor.
 *
 * @param requests 1 to 256, all of one registry, institution, doctor and deadline; none amends another.
 * @throws {BatchInvalid}, {@link SigningRequestInvalid}, {@link SigningRequestExpired}.
 */
export async function signBatch(
  requests: readonly SigningRequest[],
  signer: Signer,
  options: SigningOptions = {},
): Promise<SignedBatch> {
  const [first, ...others] = requests;
  if (first === undefined || requests.length > 256) throw new BatchInvalid("give 1 to 256");
  for (const request of requests) {
    requireSignable(request, options);
    requireAlike(first, request);
  }
  if (partyOf(first, await signer.getAddress()) !== "doctor") throw new BatchInvalid("their doctor signs them");
  const message = batchMessageOf(requests, first.deadline);
  const signature = await signTyped(signer, domainOfRequest(first), recordBatchStatement, message);
  return { requests: [first, ...others], signature };
}

/**
 * Checks off chain that the doctor signed the batch; see {@link verifyRecordSignature}.
 *
 * @throws {NotSignedBy}
 */
export function verifyBatchSignature({ requests, signature }: SignedBatch): void {
  const [first] = requests;
  const message = batchMessageOf(requests, first.deadline);
  requireSignedBy(first.doctorWallet, domainOfRequest(first), recordBatchStatement, message, signature);
}

function requireSignable(request: SigningRequest, { domain, now = new Date() }: SigningOptions): void {
  checkSigningRequest(request);
  if (now.getTime() > request.deadline * 1000) throw new SigningRequestExpired(request.deadline);
  if (domain !== undefined && !isSame(domain, domainOfRequest(request))) {
    throw new SigningRequestInvalid("it is for another chain or registry");
  }
}

function requireAlike(first: SigningRequest, request: SigningRequest): void {
  if (request.supersedes !== ZeroHash) throw new BatchInvalid("register amendments one by one");
  const alike =
    isSame(domainOfRequest(first), domainOfRequest(request)) &&
    first.header.institution === request.header.institution &&
    first.header.doctor === request.header.doctor &&
    getAddress(first.doctorWallet) === getAddress(request.doctorWallet) &&
    first.deadline === request.deadline;
  if (!alike) throw new BatchInvalid("put together only those of one registry, institution, doctor and deadline");
}

function isSame(a: TypedDomain, b: TypedDomain): boolean {
  return a.chainId === b.chainId && getAddress(a.verifyingContract) === getAddress(b.verifyingContract);
}

function messageOf({ id, supersedes, deadline }: SigningRequest): RecordMessage {
  return { id, supersedes, deadline };
}

function batchMessageOf(requests: readonly SigningRequest[], deadline: number): RecordBatchMessage {
  return { ids: requests.map(({ id }) => id), deadline };
}
