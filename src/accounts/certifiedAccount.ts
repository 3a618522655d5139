import { type RoleName, roleName } from "./role.js";

/** Where a wallet's certificate stands, as `contracts/accounts/Account.sol` numbers it. */
export const CertificateStatus = { None: 0, Active: 1, Suspended: 2, Revoked: 3 } as const;

export type CertificateStatusName = keyof typeof CertificateStatus;

/** The number is no status of a certificate. */
export class InvalidCertificateStatus extends Error {
  override readonly name = "InvalidCertificateStatus";

  constructor(code: number) {
    super(
      `A certificate has no status ${code}: give 0 (None) to 3 (Revoked), and check that contract and library fit.`,
    );
  }
}

/** What the chain knows of a wallet. */
export interface CertifiedAccount {
  readonly role: RoleName;
  readonly status: CertificateStatusName;
  /** Where a professional works; an institution's own number; 0 for a patient. */
  readonly institution: number;
  /** The stable number of an institution or a professional; 0 for a patient. */
  readonly number: number;
  /** In seconds since 1970; the certificate holds before it. */
  readonly expiresAt: number;
}

/**
 * Reads the slot that `AccountCenter.accounts` returns. A wallet that was never certified gives the word 0, and so
 * role and status `None`.
 *
 * @param word bits 0-7 role | 8-15 status | 16-31 institution | 32-55 number | 56-95 expiresAt.
 * @throws {InvalidRole} or {@link InvalidCertificateStatus} if the word is not such a slot.
 */
export function unpackAccount(word: bigint): CertifiedAccount {
  const field = (at: bigint, bits: number): number => Number(BigInt.asUintN(bits, word >> at));
  return {
    role: roleName(field(0n, 8)),
    status: statusName(field(8n, 8)),
    institution: field(16n, 16),
    number: field(32n, 24),
    expiresAt: field(56n, 40),
  };
}

/**
 * Whether the account counts as certified at `now`: active and not expired.
 *
 * @param now seconds since 1970; take a block's time where the chain's answer matters.
 */
export function isActiveAt(account: CertifiedAccount, now: number): boolean {
  return account.status === "Active" && now < account.expiresAt;
}

function statusName(code: number): CertificateStatusName {
  const names = Object.keys(CertificateStatus) as CertificateStatusName[];
  const name = names.find((candidate) => CertificateStatus[candidate] === code);
  if (name === undefined) throw new InvalidCertificateStatus(code);
  return name;
}
