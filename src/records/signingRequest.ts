import { getAddress, ZeroHash } from "ethers";
import type { TypedDomain } from "../eip712.js";
import { dayCeil } from "../utcDay.js";
import type { RecordHeader } from "./recordId.js";
import { recordDomain } from "./recordSignatures.js";
import type { SealedForm, SealedRecord } from "./sealedRecord.js";

/** One form of a section, as text: FHIR is UTF-8, so text and stored bytes are the same. */
export interface SectionForm {
  /** 32 bytes in hex. */
  readonly salt: string;
  readonly content: string;
}

/** A section in its forms, to be read before signing. */
export interface SectionToSign {
  /** Record-local, `Type/sN`. */
  readonly path: string;
  readonly resourceType: string;
  /** The class of its data, 0 to 23. */
  readonly dataClass: number;
  readonly full: SectionForm;
  readonly deidentified?: SectionForm;
}

/**
 * What an institution asks doctor and patient to sign: the record with everything that its id commits to. Plain JSON, so
 * that it survives `JSON.stringify` and any transport; what comes back is read by `readSigningRequest`.
 */
export interface SigningRequest {
  /** The record's id, 32 bytes in hex. */
  readonly id: string;
  /** The record whose place it takes; 32 zero bytes for a new record. */
  readonly supersedes: string;
  /** The chain id as decimal digits, the rest as in a record's header. */
  readonly header: Omit<RecordHeader, "chainId"> & { readonly chainId: string };
  /** The wallet of the doctor whose number the header names. */
  readonly doctorWallet: string;
  readonly sectionsRoot: string;
  /** Last second, since 1970, at which the signatures count. */
  readonly deadline: number;
  readonly sections: readonly SectionToSign[];
}

/** Who signs a record. */
export type Party = "patient" | "doctor";

/** The wallet is neither the record's patient nor its doctor. */
export class NotAParty extends Error {
  override readonly name = "NotAParty";

  constructor(wallet: string) {
    super(`${wallet} is neither patient nor doctor of this record: sign with the wallet that the request names.`);
  }
}

/** How a request is made from a sealed record. */
export interface SigningRequestOptions {
  readonly doctorWallet: string;
  /** Until when the signatures must reach the chain; rounded up to a whole UTC day, because odd values link a patient's wallets. */
  readonly deadline: Date;
  /** The record that this one amends. */
  readonly supersedes?: string;
}

/**
 * The request to sign `record`.
 *
 * @throws {InvalidDate}
 */
export function signingRequestOf(
  record: Omit<SealedRecord, "tree" | "headerHash">,
  { doctorWallet, deadline, supersedes = ZeroHash }: SigningRequestOptions,
): SigningRequest {
  return {
    id: record.id,
    supersedes,
    header: { ...record.header, chainId: record.header.chainId.toString() },
    doctorWallet,
    sectionsRoot: record.sectionsRoot,
    deadline: dayCeil(deadline),
    sections: record.sections.map(({ path, resourceType, dataClass, full, deidentified }) => ({
      path,
      resourceType,
      dataClass,
      full: formOf(full),
      ...(deidentified && { deidentified: formOf(deidentified) }),
    })),
  };
}

/**
 * Which party of the request a wallet is.
 *
 * @throws {NotAParty}
 */
export function partyOf(request: SigningRequest, wallet: string): Party {
  const address = getAddress(wallet);
  if (address === getAddress(request.header.patient)) return "patient";
  if (address === getAddress(request.doctorWallet)) return "doctor";
  throw new NotAParty(address);
}

/** The domain of the registry that the request names. */
export function domainOfRequest({ header }: SigningRequest): TypedDomain {
  return recordDomain(BigInt(header.chainId), header.registry);
}

function formOf({ salt, bytes }: SealedForm): SectionForm {
  return { salt, content: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
}
