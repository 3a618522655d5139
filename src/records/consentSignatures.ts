import type { Signer, TypedDataField } from "ethers";
import { requireSignedBy, signTyped, type TypedDomain, type TypedStatement, typedDomain } from "../eip712.js";
import type { Recipient, Scope } from "./grant.js";
import type { Terms } from "./terms.js";

interface SignedByPatient {
  /** The wallet that signs. */
  readonly patient: string;
  /**
   * `ConsentRegistry.consentNonce(patient)`; for a further signature before the first is sent, one more. To revoke all:
   * `revocationNonce(patient)`.
   */
  readonly nonce: bigint;
  /** Last second, since 1970, at which the signature counts; a whole day, see `dayCeil`. */
  readonly deadline: number;
}

interface AboutGrant extends SignedByPatient {
  readonly scope: Scope;
  readonly recipient: Recipient;
}

/** A patient's statements about consent, by the name of their EIP-712 struct. */
export interface ConsentMessages {
  /** Grants access. */
  Grant: AboutGrant & { readonly terms: Terms };
  /** Takes purposes, classes or time away from a grant. */
  Narrowing: AboutGrant & Omit<Terms, "from">;
  /** Revokes a grant. */
  Revocation: AboutGrant;
  /** Revokes every grant of the wallet. */
  RevocationOfAll: SignedByPatient;
  /** Forbids (true) or allows again (false) that emergencies open the wallet's records. */
  BreakGlassOptOut: SignedByPatient & { readonly optedOut: boolean };
}

export type ConsentKind = keyof ConsentMessages;

/** One statement with its signature, as anyone may submit it. */
export interface Signed<Kind extends ConsentKind> {
  readonly kind: Kind;
  readonly message: ConsentMessages[Kind];
  readonly signature: string;
}

/** A signed statement of any kind. */
export type SignedConsent = { [Kind in ConsentKind]: Signed<Kind> }[ConsentKind];

const field = (type: string, name: string): TypedDataField => ({ type, name });
const patient = field("address", "patient");
const validity = [field("uint256", "nonce"), field("uint256", "deadline")];
const grantee = [field("Scope", "scope"), field("Recipient", "recipient")];

const parts = {
  Scope: [field("uint8", "kind"), field("bytes32", "value")],
  Recipient: [field("uint8", "kind"), field("uint160", "value")],
};

/** How each statement is hashed, exactly as the contract does it. */
export const consentStatements: { readonly [Kind in ConsentKind]: TypedStatement<ConsentMessages[Kind]> } = {
  Grant: {
    primaryType: "Grant",
    types: {
      Grant: [patient, ...grantee, field("Terms", "terms"), ...validity],
      ...parts,
      Terms: [
        field("uint32", "purposes"),
        field("uint32", "dataClasses"),
        field("uint40", "from"),
        field("uint40", "until"),
      ],
    },
  },
  Narrowing: {
    primaryType: "Narrowing",
    types: {
      Narrowing: [
        patient,
        ...grantee,
        field("uint32", "purposes"),
        field("uint32", "dataClasses"),
        field("uint40", "until"),
        ...validity,
      ],
      ...parts,
    },
  },
  Revocation: { primaryType: "Revocation", types: { Revocation: [patient, ...grantee, ...validity], ...parts } },
  RevocationOfAll: { primaryType: "RevocationOfAll", types: { RevocationOfAll: [patient, ...validity] } },
  BreakGlassOptOut: {
    primaryType: "BreakGlassOptOut",
    types: { BreakGlassOptOut: [patient, field("bool", "optedOut"), ...validity] },
  },
};

/**
 * The domain in which consents of one registry are signed; what `domainOf(consentRegistry)` reads from the chain.
 *
 * @throws {InvalidChainId} or {@link InvalidAddress}.
 */
export function consentDomain(chainId: bigint, consentRegistry: string): TypedDomain {
  return typedDomain("Healthchain ConsentRegistry", chainId, consentRegistry);
}

/**
 * Signs a statement; the patient is the signer. Anyone may then submit it, see `submitConsent`.
 *
 * @param message everything but the patient.
 */
export async function signConsent<Kind extends ConsentKind>(
  signer: Signer,
  domain: TypedDomain,
  kind: Kind,
  message: Omit<ConsentMessages[Kind], "patient">,
): Promise<Signed<Kind>> {
  const statement = { ...message, patient: await signer.getAddress() } as ConsentMessages[Kind];
  const signature = await signTyped(signer, domain, consentStatements[kind], statement);
  return { kind, message: statement, signature };
}

/**
 * Checks off chain that the patient whom a statement names signed it. Whether it is voided or late, only the chain knows.
 *
 * @throws {NotSignedBy}
 */
export function verifyConsent<Kind extends ConsentKind>(domain: TypedDomain, signed: Signed<Kind>): void {
  const { kind, message, signature } = signed;
  requireSignedBy(message.patient, domain, consentStatements[kind], message, signature);
}
