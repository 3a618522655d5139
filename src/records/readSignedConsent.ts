import { getAddress, isAddress, isHexString } from "ethers";
import type { ConsentKind, ConsentMessages, SignedConsent } from "./consentSignatures.js";
import {
  type Recipient,
  RecipientKind,
  type RecipientKindCode,
  type Scope,
  ScopeKind,
  type ScopeKindCode,
} from "./grant.js";
import { isJsonObject, type JsonObject } from "./json.js";

/** The JSON is not a patient's signed statement. */
export class SignedConsentInvalid extends Error {
  override readonly name = "SignedConsentInvalid";

  constructor(reason: string) {
    super(`This is no signed consent: ${reason}. Have the patient sign it again.`);
  }
}

/**
 * A patient's signed statement from JSON that nobody has checked, with nonces and recipients as decimal digits: every
 * field of the right kind, nothing else kept. Whether the patient signed it, `verifyConsent` says.
 *
 * @param value what `JSON.parse` gave.
 * @throws {SignedConsentInvalid} naming the field at fault.
 */
export function readSignedConsent(value: unknown): SignedConsent {
  const { kind, message, signature } = objectAt(value, "statement");
  if (typeof kind !== "string" || !isKind(kind)) throw malformed("kind", Object.keys(readers).join(", "));
  if (!isHexString(signature) || signature === "0x") throw malformed("signature", "bytes in hex");
  return { kind, message: readers[kind](objectAt(message, "message")), signature } as SignedConsent;
}

const readers: { readonly [Kind in ConsentKind]: (message: JsonObject) => ConsentMessages[Kind] } = {
  Grant: (message) => ({ ...aboutGrant(message), terms: termsAt(objectAt(message.terms, "terms")) }),
  Narrowing: (message) => {
    const { purposes, dataClasses, until } = termsAt({ ...message, from: 0 });
    return { ...aboutGrant(message), purposes, dataClasses, until };
  },
  Revocation: aboutGrant,
  RevocationOfAll: signedByPatient,
  BreakGlassOptOut: (message) => {
    const { optedOut } = message;
    if (typeof optedOut !== "boolean") throw malformed("optedOut", "true or false");
    return { ...signedByPatient(message), optedOut };
  },
};

function isKind(kind: string): kind is ConsentKind {
  return Object.hasOwn(readers, kind);
}

function signedByPatient(message: JsonObject) {
  const { patient } = message;
  if (typeof patient !== "string" || !isAddress(patient)) throw malformed("patient", "an address");
  return { patient: getAddress(patient), nonce: digitsAt(message, "nonce"), deadline: numberAt(message, "deadline") };
}

function aboutGrant(message: JsonObject) {
  const scope = scopeAt(objectAt(message.scope, "scope"));
  return { ...signedByPatient(message), scope, recipient: recipientAt(objectAt(message.recipient, "recipient")) };
}

function scopeAt({ kind, value }: JsonObject): Scope {
  const code = Object.values<unknown>(ScopeKind).includes(kind);
  if (!code || !isHexString(value, 32)) throw malformed("scope", "a kind from 1 to 3 with 32 bytes in hex");
  return { kind: kind as ScopeKindCode, value };
}

function recipientAt(recipient: JsonObject): Recipient {
  const code = Object.values<unknown>(RecipientKind).includes(recipient.kind);
  if (!code) throw malformed("recipient", "a kind from 1 to 3");
  return { kind: recipient.kind as RecipientKindCode, value: digitsAt(recipient, "value") };
}

function termsAt(terms: JsonObject) {
  const field = (name: string) => numberAt(terms, name);
  return { purposes: field("purposes"), dataClasses: field("dataClasses"), from: field("from"), until: field("until") };
}

function objectAt(value: unknown, name: string): JsonObject {
  if (!isJsonObject(value)) throw malformed(name, "an object");
  return value;
}

function numberAt(parent: JsonObject, name: string): number {
  const value = parent[name];
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw malformed(name, "a whole number");
  return value;
}

function digitsAt(parent: JsonObject, name: string): bigint {
  const value = parent[name];
  if (typeof value !== "string" || !/^\d{1,78}$/.test(value)) throw malformed(name, "a number in decimal digits");
  return BigInt(value);
}

function malformed(field: string, expected: string): SignedConsentInvalid {
  return new SignedConsentInvalid(`its ${field} is not ${expected}`);
}
