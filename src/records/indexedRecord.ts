import { getAddress, toBeHex } from "ethers";

/** Where a record stands, as `contracts/records/Record.sol` numbers it. */
export const RecordState = { None: 0, Asserted: 1, Repudiated: 2, Accepted: 3, Superseded: 4 } as const;

export type RecordStateName = keyof typeof RecordState;

/** The number is no state of a record. */
export class InvalidRecordState extends Error {
  override readonly name = "InvalidRecordState";

  constructor(code: number | bigint) {
    super(`A record has no state ${code}: give 0 (None) to 4 (Superseded), and check that contract and library fit.`);
  }
}

/** What the chain knows of a record. */
export interface IndexedRecord {
  /** The patient's wallet. */
  readonly patient: string;
  /** When it was signed, in seconds since 1970. */
  readonly recordedAt: number;
  /** Its class, 24 to 31. */
  readonly dataClass: number;
  /** The institution's number. */
  readonly institution: number;
  /** The treating doctor's number. */
  readonly doctor: number;
  readonly state: RecordStateName;
}

/**
 * The name of a record's state.
 *
 * @param code 0 to 4; a bigint as contracts return it is fine.
 * @throws {InvalidRecordState}
 */
export function recordStateName(code: number | bigint): RecordStateName {
  const names = Object.keys(RecordState) as RecordStateName[];
  const name = names.find((candidate) => RecordState[candidate] === Number(code));
  if (name === undefined) throw new InvalidRecordState(code);
  return name;
}

/**
 * Patient, day and class of a record of a batch, packed where the index has them, as `RecordRegistry.registerBatch` takes it.
 *
 * @param subject a wallet; seconds since 1970, below 2^40; a class, below 2^8.
 */
export function packSubject(subject: Pick<IndexedRecord, "patient" | "recordedAt" | "dataClass">): bigint {
  const { patient, recordedAt, dataClass } = subject;
  return BigInt(patient) | (BigInt(recordedAt) << 160n) | (BigInt(dataClass) << 200n);
}

/**
 * Reads the slot that `RecordRegistry.records` returns. An unknown id gives the word 0, and so the state `None`.
 *
 * @param word bits 0-159 patient | 160-199 recordedAt | 200-207 dataClass | 208-223 institution | 224-247 doctor | 248-255 state.
 * @throws {InvalidRecordState} if the word is not such a slot.
 */
export function unpackRecord(word: bigint): IndexedRecord {
  const field = (at: bigint, bits: number): bigint => BigInt.asUintN(bits, word >> at);
  return {
    patient: getAddress(toBeHex(field(0n, 160), 20)),
    recordedAt: Number(field(160n, 40)),
    dataClass: Number(field(200n, 8)),
    institution: Number(field(208n, 16)),
    doctor: Number(field(224n, 24)),
    state: recordStateName(field(248n, 8)),
  };
}
