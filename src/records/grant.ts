import { AbiCoder, isHexString, keccak256, toBeHex, ZeroHash } from "ethers";
import { checksummed } from "../accounts/address.js";
import { type CertifiedRole, InvalidRole, isCertifiedRole } from "../accounts/role.js";

/** Which records of a patient's wallet a grant covers, as `contracts/records/Grant.sol` numbers it. */
export const ScopeKind = { All: 1, Class: 2, OneRecord: 3 } as const;
export type ScopeKindCode = (typeof ScopeKind)[keyof typeof ScopeKind];

/** Whom a grant admits, as `contracts/records/Grant.sol` numbers it. */
export const RecipientKind = { Wallet: 1, Institution: 2, Role: 3 } as const;
export type RecipientKindCode = (typeof RecipientKind)[keyof typeof RecipientKind];

/** Which of a wallet's records: made by {@link allRecords}, {@link recordsOfClass}, {@link oneRecord}. */
export interface Scope {
  readonly kind: ScopeKindCode;
  /** 32 bytes in hex: zero, the record class, or the record's id. */
  readonly value: string;
}

/** To whom: made by {@link wallet}, {@link institution}, {@link role}. */
export interface Recipient {
  readonly kind: RecipientKindCode;
  /** The wallet, the institution's number or the role. */
  readonly value: bigint;
}

/** The scope names no records. */
export class InvalidScope extends Error {
  override readonly name = "InvalidScope";

  constructor(expected: string) {
    super(`The consent's scope names no records: give ${expected}.`);
  }
}

/** The recipient is nobody. */
export class InvalidRecipient extends Error {
  override readonly name = "InvalidRecipient";

  constructor(institution: number) {
    super(`No institution has the number ${institution}: give a whole number from 1 to 65535.`);
  }
}

/** All records of the wallet. */
export function allRecords(): Scope {
  return { kind: ScopeKind.All, value: ZeroHash };
}

/**
 * The wallet's records of one kind of encounter.
 *
 * @param dataClass 24 to 31, see `DataClass`.
 * @throws {InvalidScope}
 */
export function recordsOfClass(dataClass: number): Scope {
  if (!Number.isInteger(dataClass) || dataClass < 24 || dataClass > 31) {
    throw new InvalidScope("a record class from 24 (AmbulatoryRecord) to 31");
  }
  return { kind: ScopeKind.Class, value: toBeHex(dataClass, 32) };
}

/**
 * One record, which its patient has accepted.
 *
 * @param id 32 bytes in hex.
 * @throws {InvalidScope}
 */
export function oneRecord(id: string): Scope {
  if (!isHexString(id, 32) || id === ZeroHash) throw new InvalidScope("a record's id, 32 bytes in hex");
  return { kind: ScopeKind.OneRecord, value: id.toLowerCase() };
}

/**
 * One wallet.
 *
 * @throws {InvalidAddress}
 */
export function wallet(address: string): Recipient {
  return { kind: RecipientKind.Wallet, value: BigInt(checksummed(address, "recipient")) };
}

/**
 * Everyone whom an institution employs, and itself.
 *
 * @param number 1 to 65535.
 * @throws {InvalidRecipient}
 */
export function institution(number: number): Recipient {
  if (!Number.isInteger(number) || number < 1 || number > 65_535) throw new InvalidRecipient(number);
  return { kind: RecipientKind.Institution, value: BigInt(number) };
}

/**
 * Everyone in a role, wherever they work.
 *
 * @param code 1 (Patient) to 8 (Bank), see `Role`.
 * @throws {InvalidRole}
 */
export function role(code: CertifiedRole): Recipient {
  if (!isCertifiedRole(code)) throw new InvalidRole(code, "a role from 1 (Patient) to 8 (Bank)");
  return { kind: RecipientKind.Role, value: BigInt(code) };
}

/**
 * The key under which a patient's grant stands, as `ConsentRegistry.grantKeyOf` computes it: the hash of patient, kinds,
 * scope and recipient, with the kinds in its lowest byte.
 *
 * @throws {InvalidAddress}
 */
export function grantKeyOf(patient: string, scope: Scope, recipient: Recipient): string {
  const kinds = (scope.kind << 4) | recipient.kind;
  const hash = keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ["address", "uint256", "bytes32", "uint160"],
      [checksummed(patient, "patient's wallet"), kinds, scope.value, recipient.value],
    ),
  );
  return hash.slice(0, 64) + toBeHex(kinds, 1).slice(2);
}

/**
 * Which kinds of scope and recipient the grant under `key` has; undefined if the key cannot be a grant's.
 *
 * @param key 32 bytes in hex.
 */
export function kindsOf(key: string): { scope: ScopeKindCode; recipient: RecipientKindCode } | undefined {
  const kinds = Number.parseInt(key.slice(-2), 16);
  const scope = Object.values(ScopeKind).find((code) => code === kinds >> 4);
  const recipient = Object.values(RecipientKind).find((code) => code === (kinds & 0xf));
  return scope === undefined || recipient === undefined ? undefined : { scope, recipient };
}
