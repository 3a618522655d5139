import { randomBytes } from "node:crypto";
import { type Signer, toBigInt, verifyTypedData } from "ethers";
import { checksummed } from "./address.js";
import { expiryOf, InvalidExpiry } from "./certificateExpiry.js";
import { wellFormed } from "./certificateRules.js";
import type { CertifiedRole } from "./role.js";

/** What a registrar attests of one wallet. Field by field the EIP-712 struct that `AccountCenter` verifies. */
export interface Certificate {
  readonly wallet: string;
  readonly role: CertifiedRole;
  /** The number of the institution that a professional works for, up to 65535; 0 for none. Doctors need one. */
  readonly institution: number;
  /** 32 bytes in hex, see `commitToIdentity`. */
  readonly identityCommitment: string;
  /** Seconds since 1970, below 2^40. The certificate holds before this second, not at it. */
  readonly expiresAt: number;
  /** Random, 1 to 2^256 - 1: a counter would tell in which order, and so together with whom, a wallet was certified. */
  readonly serial: bigint;
}

/** A certificate as `AccountCenter.enroll` takes it. */
export interface SignedCertificate {
  readonly certificate: Certificate;
  /** The address that signed. */
  readonly registrar: string;
  /** Its signature in hex: 65 bytes, unless the registrar is a contract (ERC-1271). */
  readonly signature: string;
}

/** The EIP-712 domain of one deployed `AccountCenter`. */
export interface CertificateDomain {
  readonly name: string;
  readonly version: string;
  readonly chainId: bigint;
  readonly verifyingContract: string;
}

/** The EIP-712 types of a certificate, in the order in which the contract hashes them. */
export const certificateTypes = {
  Certificate: [
    { name: "wallet", type: "address" },
    { name: "role", type: "uint8" },
    { name: "institution", type: "uint16" },
    { name: "identityCommitment", type: "bytes32" },
    { name: "expiresAt", type: "uint64" },
    { name: "serial", type: "uint256" },
  ],
};

/** The chain id cannot be one. */
export class InvalidChainId extends Error {
  override readonly name = "InvalidChainId";

  constructor(chainId: number | bigint) {
    super(`Chain id ${chainId} does not exist: give the positive whole number that eth_chainId returns.`);
  }
}

/** The certificate was not signed by the registrar, or was changed afterwards, or was meant for another deployment. */
export class CertificateNotSigned extends Error {
  override readonly name = "CertificateNotSigned";

  constructor(registrar: string) {
    super(
      `The signature is not registrar ${registrar}'s over this certificate: check chain id and AccountCenter, ` +
        "or ask the registrar for a new certificate.",
    );
  }
}

/** The certificate's time is over. */
export class CertificateExpired extends Error {
  override readonly name = "CertificateExpired";

  constructor(expiresAt: number) {
    super(`The certificate expired at ${expiresAt} (seconds since 1970): ask a registrar for a new one.`);
  }
}

/**
 * The domain in which certificates for one deployment are signed.
 *
 * @param chainId positive.
 * @param accountCenter the address of the deployed `AccountCenter`.
 * @throws {InvalidChainId} or {@link InvalidAddress}.
 */
export function certificateDomain(chainId: number | bigint, accountCenter: string): CertificateDomain {
  const isWhole = typeof chainId === "bigint" || Number.isSafeInteger(chainId);
  if (!isWhole || chainId <= 0) throw new InvalidChainId(chainId);
  return {
    name: "Healthchain AccountCenter",
    version: "1",
    chainId: BigInt(chainId),
    verifyingContract: checksummed(accountCenter, "AccountCenter"),
  };
}

/** What a registrar decides when issuing a certificate. */
export interface CertificateRequest {
  wallet: string;
  role: CertifiedRole;
  /** The number of the institution that a professional works for, 1 to 65535. Doctors need one; patients and institutions have none. */
  institution?: number;
  /** 32 bytes in hex, see `commitToIdentity`. */
  identityCommitment: string;
  /** Until when the certificate must hold at least; rounded up, see `expiryOf`. */
  expires: Date;
  /** Keep the very second of `expires`; by default it is rounded up to the first second of a month (UTC). */
  exactExpiry?: boolean;
  /** The present, where that is not the clock's (a simulated chain). */
  now?: Date;
}

/**
 * Issues a certificate: the registrar signs it, and anyone may then send it to `AccountCenter.enroll`. Its serial is random.
 *
 * @throws {InvalidExpiry} if `expires` is not in the future, and what `wellFormed` throws for any other field.
 */
export async function issueCertificate(
  registrar: Signer,
  domain: CertificateDomain,
  request: CertificateRequest,
): Promise<SignedCertificate> {
  const { wallet, role, institution = 0, identityCommitment, expires, exactExpiry = false, now = new Date() } = request;
  if (expires <= now) throw new InvalidExpiry("is not in the future");
  const expiresAt = expiryOf(expires, { exact: exactExpiry });
  const serial = toBigInt(randomBytes(32));
  const certificate = wellFormed({ wallet, role, institution, identityCommitment, expiresAt, serial });
  const signature = await registrar.signTypedData(domain, certificateTypes, certificate);
  return { certificate, registrar: await registrar.getAddress(), signature };
}

/**
 * Verifies a certificate off chain: its fields, the registrar's signature, and its time. Whether it was enrolled,
 * suspended or revoked, and whether the registrar may certify, only `AccountCenter` knows; it alone can also ask a
 * registrar that is a contract (ERC-1271), whose certificates count as not signed here.
 *
 * @param registrar the address that is trusted to certify, and whose key must have signed.
 * @param now the moment at which it must hold; the clock's by default.
 * @throws {CertificateNotSigned}, {@link CertificateExpired}, and what `wellFormed` throws for a malformed field.
 */
export function verifyCertificate(
  domain: CertificateDomain,
  signed: SignedCertificate,
  registrar: string,
  now: Date = new Date(),
): void {
  const trusted = checksummed(registrar, "registrar");
  const certificate = wellFormed(signed.certificate);
  const claimed = checksummed(signed.registrar, "certificate's registrar");
  if (claimed !== trusted || signerOf(domain, certificate, signed.signature) !== trusted) {
    throw new CertificateNotSigned(trusted);
  }
  if (now.getTime() >= certificate.expiresAt * 1000) throw new CertificateExpired(certificate.expiresAt);
}

function signerOf(domain: CertificateDomain, certificate: Certificate, signature: string): string | undefined {
  // Only what the contract takes, too: 65 bytes that end in 27 or 28. ethers would accept other forms as well.
  if (!/^0x[0-9a-f]{128}1[bc]$/i.test(signature)) return undefined;
  try {
    return verifyTypedData(domain, certificateTypes, certificate, signature);
  } catch {
    return undefined;
  }
}
