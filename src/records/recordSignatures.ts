import type { Signer } from "ethers";
import { requireSignedBy, signTyped, type TypedDomain, type TypedStatement, typedDomain } from "../eip712.js";

/** Doctor and patient vouch for a record. */
export interface RecordMessage {
  /** The record's id, 32 bytes in hex. */
  readonly id: string;
  /** The record whose place it takes; 32 zero bytes for a new record. */
  readonly supersedes: string;
  /** Last second, since 1970, at which the signature counts. */
  readonly deadline: number;
}

/** A doctor vouches for earlier records, in this order. */
export interface RecordBatchMessage {
  readonly ids: readonly string[];
  /** Last second, since 1970, at which the signature counts. */
  readonly deadline: number;
}

/** A patient's word on an asserted record: acceptance or repudiation. */
export interface PatientsWord {
  readonly id: string;
  /** Last second, since 1970, at which the signature counts. */
  readonly deadline: number;
}

/** A patient's word with its signature, as anyone may submit it. */
export interface SignedWord extends PatientsWord {
  readonly signature: string;
}

const wordOnRecord = [
  { name: "id", type: "bytes32" },
  { name: "deadline", type: "uint256" },
];

/** What doctor and patient sign when a record is registered or amended. */
export const recordStatement: TypedStatement<RecordMessage> = {
  primaryType: "Record",
  types: {
    Record: [
      { name: "id", type: "bytes32" },
      { name: "supersedes", type: "bytes32" },
      { name: "deadline", type: "uint256" },
    ],
  },
};

/** What a doctor signs for a batch of earlier records. */
export const recordBatchStatement: TypedStatement<RecordBatchMessage> = {
  primaryType: "RecordBatch",
  types: {
    RecordBatch: [
      { name: "ids", type: "bytes32[]" },
      { name: "deadline", type: "uint256" },
    ],
  },
};

/** What a patient signs to accept an asserted record. */
export const acceptanceStatement: TypedStatement<PatientsWord> = {
  primaryType: "Acceptance",
  types: { Acceptance: wordOnRecord },
};

/** What a patient signs to repudiate an asserted record. */
export const repudiationStatement: TypedStatement<PatientsWord> = {
  primaryType: "Repudiation",
  types: { Repudiation: wordOnRecord },
};

/**
 * The domain in which records of one registry are signed; what `domainOf(recordRegistry)` reads from the chain.
 *
 * @throws {InvalidChainId} or {@link InvalidAddress}.
 */
export function recordDomain(chainId: bigint, recordRegistry: string): TypedDomain {
  return typedDomain("Healthchain RecordRegistry", chainId, recordRegistry);
}

/** Signs a patient's word, `acceptanceStatement` or `repudiationStatement`, on an asserted record; the signer is its patient. */
export async function signWord(
  patient: Signer,
  domain: TypedDomain,
  statement: TypedStatement<PatientsWord>,
  word: PatientsWord,
): Promise<SignedWord> {
  return { ...word, signature: await signTyped(patient, domain, statement, word) };
}

/**
 * Checks off chain that `patient` signed this word.
 *
 * @throws {NotSignedBy}
 */
export function verifyWord(
  patient: string,
  domain: TypedDomain,
  statement: TypedStatement<PatientsWord>,
  { id, deadline, signature }: SignedWord,
): void {
  requireSignedBy(patient, domain, statement, { id, deadline }, signature);
}
