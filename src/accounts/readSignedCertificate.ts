import { isHexString } from "ethers";
import { checksummed } from "./address.js";
import type { Certificate, SignedCertificate } from "./certificate.js";
import { InvalidCertificate, wellFormed } from "./certificateRules.js";
import { InvalidRole, isCertifiedRole } from "./role.js";

type Fields = Readonly<Record<string, unknown>>;

/**
 * A signed certificate from JSON that nobody has checked, with the serial as decimal digits: every field well formed,
 * nothing else kept. Whether the registrar signed it, `verifyCertificate` says.
 *
 * @param value what `JSON.parse` gave.
 * @throws {InvalidCertificate} naming the field at fault, and what else a malformed certificate throws.
 */
export function readSignedCertificate(value: unknown): SignedCertificate {
  const signed = fieldsOf(value);
  const { wallet, role, institution, identityCommitment, expiresAt, serial } = fieldsOf(signed.certificate);
  if (typeof role !== "number" || !isCertifiedRole(role)) {
    throw new InvalidRole(typeof role === "number" ? role : Number.NaN, "a role from 1 (Patient) to 8 (Bank)");
  }
  if (typeof serial !== "string" || !/^\d{1,78}$/.test(serial)) {
    throw new InvalidCertificate("serial", "a number in decimal digits");
  }
  const { registrar, signature } = signed;
  if (!isHexString(signature) || signature === "0x") throw new InvalidCertificate("signature", "its bytes in hex");
  const certificate = wellFormed({
    wallet: String(wallet),
    role,
    institution: numberOf(institution, "institution"),
    identityCommitment: String(identityCommitment),
    expiresAt: numberOf(expiresAt, "expiresAt"),
    serial: BigInt(serial),
  });
  return { certificate, registrar: checksummed(String(registrar), "certificate's registrar"), signature };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function numberOf(value: unknown, field: keyof Certificate): number {
  if (typeof value !== "number") throw new InvalidCertificate(field, "a number");
  return value;
}
