import { AbiCoder, isAddress, isHexString, keccak256 } from "ethers";
import { dayFloor, isWholeDay } from "../utcDay.js";

/** What a record's id commits to beside its sections. */
export interface RecordHeader {
  /** From 0, below 2^256. */
  readonly chainId: bigint;
  /** Address of the record registry. */
  readonly registry: string;
  /** The patient's wallet for this record. */
  readonly patient: string;
  /** Number of the doctor, from 0 to 2^24 - 1. */
  readonly doctor: number;
  /** Number of the institution, from 0 to 2^16 - 1. */
  readonly institution: number;
  /** When the record was signed, in seconds since 1970, a whole UTC day, see {@link recordedAtOf}. */
  readonly recordedAt: number;
  /** Class of the record, from 0 to 255. */
  readonly dataClass: number;
  /** 32 random bytes in hex. */
  readonly salt: string;
}

/** Thrown for a header that the registry would not accept; `field` is the member at fault. */
export class RecordHeaderInvalid extends Error {
  override readonly name = "RecordHeaderInvalid";
  readonly field: keyof RecordHeader;

  constructor(field: keyof RecordHeader, remedy: string) {
    super(`Record header: ${remedy}`);
    this.field = field;
  }
}

/**
 * `date` in seconds since 1970, rounded down to the UTC day: the hour of a signature would help to find the patient.
 *
 * @throws InvalidDate
 */
export function recordedAtOf(date: Date): number {
  return dayFloor(date);
}

/**
 * `keccak256(abi.encode(uint256 chainId, address registry, address patient, uint24 doctor, uint16 institution, uint40 recordedAt,
 * uint8 dataClass, bytes32 salt))`.
 *
 * @returns 32 bytes in hex
 * @throws RecordHeaderInvalid
 */
export function headerHash(header: RecordHeader): string {
  checkHeader(header);
  const types = ["uint256", "address", "address", "uint24", "uint16", "uint40", "uint8", "bytes32"];
  const { chainId, registry, patient, doctor, institution, recordedAt, dataClass, salt } = header;
  const values = [chainId, registry, patient, doctor, institution, recordedAt, dataClass, salt];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
}

/**
 * The record's id: `keccak256(abi.encode(bytes32 headerHash, bytes32 sectionsRoot))`.
 *
 * @param headerHash 32 bytes in hex, see {@link headerHash}
 * @param sectionsRoot 32 bytes in hex, root of the section tree
 * @returns 32 bytes in hex
 */
export function recordId(headerHash: string, sectionsRoot: string): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "bytes32"], [headerHash, sectionsRoot]));
}

function checkHeader(header: RecordHeader): void {
  if (typeof header.chainId !== "bigint" || header.chainId < 0n || header.chainId >= 1n << 256n) {
    throw new RecordHeaderInvalid("chainId", "give the chain id as a bigint from 0");
  }
  for (const field of ["registry", "patient"] as const) {
    if (!isAddress(header[field])) throw new RecordHeaderInvalid(field, `give ${field} as an address`);
  }
  for (const [field, bits] of [
    ["doctor", 24],
    ["institution", 16],
    ["recordedAt", 40],
    ["dataClass", 8],
  ] as const) {
    const value = header[field];
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** bits) {
      throw new RecordHeaderInvalid(field, `give ${field} as a whole number from 0, below 2^${bits}`);
    }
  }
  if (!isWholeDay(header.recordedAt)) {
    throw new RecordHeaderInvalid("recordedAt", "round recordedAt down to the UTC day");
  }
  if (!isHexString(header.salt, 32)) throw new RecordHeaderInvalid("salt", "give a salt of 32 bytes in hex");
}
