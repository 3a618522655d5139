import type { ConsentRegistry } from "../../types/ethers-contracts/index.js";
import { type Mined, mined } from "../transaction.js";
import type { SignedConsent } from "./consentSignatures.js";
import type { Recipient, Scope } from "./grant.js";
import type { Terms } from "./terms.js";

/**
 * Grants access to a wallet's records, in place of what stood for this scope and recipient. The registry's runner is the
 * patient's wallet.
 *
 * @throws {ChainError} if the registry refuses.
 */
export function grantConsent(
  registry: ConsentRegistry,
  scope: Scope,
  recipient: Recipient,
  terms: Terms,
): Promise<Mined> {
  return mined(registry, () => registry.grant(scope, recipient, terms));
}

/**
 * Takes purposes, classes or time away from a live grant; voids every signature that the wallet made before. The
 * registry's runner is the patient's wallet.
 *
 * @throws {ChainError} if the registry refuses.
 */
export function narrowConsent(
  registry: ConsentRegistry,
  scope: Scope,
  recipient: Recipient,
  { purposes, dataClasses, until }: Omit<Terms, "from">,
): Promise<Mined> {
  return mined(registry, () => registry.narrow(scope, recipient, purposes, dataClasses, until));
}

/**
 * Revokes a live grant at once, and every signature that the wallet made before. The registry's runner is the patient's
 * wallet.
 *
 * @throws {ChainError} if the registry refuses.
 */
export function revokeConsent(registry: ConsentRegistry, scope: Scope, recipient: Recipient): Promise<Mined> {
  return mined(registry, () => registry.revoke(scope, recipient));
}

/**
 * Revokes every grant of the wallet that is the registry's runner, and every signature that it made before.
 *
 * @throws {ChainError} if the registry refuses.
 */
export function revokeAllConsents(registry: ConsentRegistry): Promise<Mined> {
  return mined(registry, () => registry.revokeAll());
}

/**
 * Forbids (true) or allows again (false) that emergencies open the records of the wallet that is the registry's runner.
 *
 * @throws {ChainError} if the registry refuses.
 */
export function setBreakGlassOptOut(registry: ConsentRegistry, optedOut: boolean): Promise<Mined> {
  return mined(registry, () => registry.setBreakGlassOptOut(optedOut));
}

/**
 * Submits a patient's signed statement. The registry's runner may be anyone; it pays the gas.
 *
 * @throws {ChainError} if the registry refuses: not the patient's, late, used, or voided by a revocation.
 */
export function submitConsent(registry: ConsentRegistry, signed: SignedConsent): Promise<Mined> {
  return mined(registry, () => sendSigned(registry, signed));
}

function sendSigned(registry: ConsentRegistry, { kind, message, signature }: SignedConsent) {
  const { patient, nonce, deadline } = message;
  switch (kind) {
    case "Grant":
      return registry.grantBySig(patient, message.scope, message.recipient, message.terms, nonce, deadline, signature);
    case "Narrowing": {
      const { scope, recipient, purposes, dataClasses, until } = message;
      return registry.narrowBySig(patient, scope, recipient, purposes, dataClasses, until, nonce, deadline, signature);
    }
    case "Revocation":
      return registry.revokeBySig(patient, message.scope, message.recipient, nonce, deadline, signature);
    case "RevocationOfAll":
      return registry.revokeAllBySig(patient, nonce, deadline, signature);
    case "BreakGlassOptOut":
      return registry.setBreakGlassOptOutBySig(patient, message.optedOut, nonce, deadline, signature);
  }
}
