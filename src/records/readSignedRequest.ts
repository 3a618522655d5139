import { isHexString } from "ethers";
import { SigningRequestInvalid } from "./checkSigningRequest.js";
import { isJsonObject } from "./json.js";
import { readSigningRequest } from "./readSigningRequest.js";
import type { SignedBatch, SignedRequest } from "./signRecord.js";

/**
 * A signing request with both signatures, from JSON that nobody has checked. Whether it holds together,
 * `checkSigningRequest` says; whether they signed it, `verifyRecordSignature` or the chain.
 *
 * @param value what `JSON.parse` gave.
 * @throws {SigningRequestInvalid} naming the field at fault.
 */
export function readSignedRequest(value: unknown): SignedRequest {
  if (!isJsonObject(value) || !isJsonObject(value.signatures)) {
    throw new SigningRequestInvalid("it does not carry the signatures of patient and doctor");
  }
  const { patient, doctor } = value.signatures;
  if (!isHexString(patient) || !isHexString(doctor)) throw new SigningRequestInvalid("a signature is not bytes in hex");
  return { request: readSigningRequest(value.request), signatures: { patient, doctor } };
}

/**
 * Requests for earlier records that their doctor signed together, from JSON that nobody has checked; see
 * {@link readSignedRequest}.
 *
 * @param value what `JSON.parse` gave.
 * @throws {SigningRequestInvalid} naming the field at fault.
 */
export function readSignedBatch(value: unknown): SignedBatch {
  if (!isJsonObject(value) || !Array.isArray(value.requests) || !isHexString(value.signature)) {
    throw new SigningRequestInvalid("it does not carry requests and the doctor's signature");
  }
  const [first, ...others] = value.requests.map(readSigningRequest);
  if (first === undefined) throw new SigningRequestInvalid("it carries no requests");
  return { requests: [first, ...others], signature: value.signature };
}
