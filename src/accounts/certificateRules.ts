import { isHexString, ZeroHash } from "ethers";
import { checksummed } from "./address.js";
import type { Certificate } from "./certificate.js";
import { InvalidExpiry } from "./certificateExpiry.js";
import { type CertifiedRole, InvalidRole, isCertifiedRole, Role, roleName } from "./role.js";

/** The institution number does not go with the role. */
export class InvalidInstitution extends Error {
  override readonly name = "InvalidInstitution";

  constructor(role: CertifiedRole, institution: number) {
    super(
      `Institution ${institution} does not go with the role ${roleName(role)}: give the number of the institution that ` +
        "a professional works for (up to 65535; doctors need one), and 0 for a patient or an institution.",
    );
  }
}

/** A field of a certificate is malformed. */
export class InvalidCertificate extends Error {
  override readonly name = "InvalidCertificate";

  constructor(field: keyof Certificate | "signature", expected: string) {
    super(`The certificate's ${field} is malformed: give ${expected}.`);
  }
}

const MAX_INSTITUTION = 2 ** 16 - 1;
const MAX_EXPIRY = 2 ** 40 - 1;
const MAX_SERIAL = 2n ** 256n - 1n;

/**
 * The certificate in its one written form (checksummed wallet, lower-case commitment), if its fields are well formed and
 * go together. Says nothing about the signature, nor about whether it has expired.
 *
 * @throws {InvalidAddress} for a malformed wallet, {@link InvalidRole} for a role that cannot be certified,
 * {@link InvalidInstitution} if role and institution do not go together, {@link InvalidExpiry} or
 * {@link InvalidCertificate} for any other field.
 */
export function wellFormed(certificate: Certificate): Certificate {
  const { role, institution, identityCommitment, expiresAt, serial } = certificate;
  const wallet = checksummed(certificate.wallet, "certificate's wallet");

  if (!isCertifiedRole(role)) throw new InvalidRole(role, "a role from 1 (Patient) to 8 (Bank)");
  if (!institutionFits(role, institution)) throw new InvalidInstitution(role, institution);
  if (!isHexString(identityCommitment, 32) || identityCommitment === ZeroHash) {
    throw new InvalidCertificate("identityCommitment", "32 bytes in hex, not all zero");
  }
  if (!Number.isInteger(expiresAt) || expiresAt <= 0 || expiresAt > MAX_EXPIRY) {
    throw new InvalidExpiry("is not a whole number of seconds from 1 to 2^40 - 1");
  }
  if (serial < 1n || serial > MAX_SERIAL) throw new InvalidCertificate("serial", "a number from 1 to 2^256 - 1");

  return { wallet, role, institution, identityCommitment: identityCommitment.toLowerCase(), expiresAt, serial };
}

function institutionFits(role: CertifiedRole, institution: number): boolean {
  if (role === Role.Patient || role === Role.Institution) return institution === 0;
  const lowest = role === Role.Doctor ? 1 : 0;
  return Number.isInteger(institution) && institution >= lowest && institution <= MAX_INSTITUTION;
}
