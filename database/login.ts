import { createHash, randomBytes } from "node:crypto";
import { getAddress, hashMessage, isHexString, verifyMessage } from "ethers";
import { SiweMessage } from "siwe";
import { isPurposeOfUse, type PurposeOfUseCode } from "../src/records/purposeOfUse.js";
import type { ChainView } from "./chainView.js";
import { isSignedByContract } from "./contractSignature.js";
import type { Storage } from "./storage/schema.js";

/** The URI of a signed resource that names the purpose of use: `urn:healthchain:purpose:TREAT`. */
export const PURPOSE_PREFIX = "urn:healthchain:purpose:";

/** Why a login was refused. */
export type LoginRefusal =
  | "malformed"
  | "wrong-domain"
  | "wrong-uri"
  | "wrong-chain"
  | "no-times"
  | "not-now"
  | "too-long"
  | "no-purpose"
  | "nonce-unknown"
  | "wrong-signature"
  | "not-certified";

/** Thrown for a login that does not count. */
export class LoginRefused extends Error {
  override readonly name = "LoginRefused";
  readonly reason: LoginRefusal;

  constructor(reason: LoginRefusal, remedy: string) {
    super(`Login refused (${reason}): ${remedy}`);
    this.reason = reason;
  }
}

/** What a message must be signed for, and how long things last. */
export interface LoginRules {
  /** Authority of the service's address, `host:port`. */
  readonly domain: string;
  /** The institution's FHIR base: a login counts at one institution. */
  readonly uri: string;
  /** How long a token lasts, in milliseconds. */
  readonly sessionLifetime: number;
}

/** Who is logged in, and for what. */
export interface Session {
  readonly wallet: string;
  readonly purpose: PurposeOfUseCode;
  readonly expiresAt: Date;
}

const NONCE_LIFETIME = 5 * 60_000;
const MESSAGE_LIFETIME = 60 * 60_000;
const CLOCK_SKEW = 60_000;

/** A fresh nonce, good for one login within five minutes. */
export async function issueNonce(storage: Storage, now: Date): Promise<string> {
  const nonce = randomBytes(16).toString("hex");
  const time = now.getTime();
  await storage.transaction().execute(async (transaction) => {
    await transaction.deleteFrom("nonces").where("expires_at", "<=", time).execute();
    await transaction.deleteFrom("sessions").where("expires_at", "<=", time).execute();
    const row = { nonce_hash: digest(nonce), expires_at: time + NONCE_LIFETIME };
    await transaction.insertInto("nonces").values(row).execute();
  });
  return nonce;
}

/**
 * Logs a wallet in by a signed ERC-4361 message that carries one resource `urn:healthchain:purpose:CODE`.
 *
 * @param text the message as it was signed
 * @param signature of an account (65 bytes) or a contract (ERC-1271), in hex
 * @returns an opaque Bearer token, stored as a hash only, and its session
 * @throws LoginRefused, ChainUnavailable
 */
export async function logIn(
  { storage, chain }: { readonly storage: Storage; readonly chain: ChainView },
  rules: LoginRules,
  text: string,
  signature: string,
  now: Date,
): Promise<{ readonly token: string; readonly session: Session }> {
  const message = parseMessage(text);
  const signedUntil = checkMessage(message, rules, chain.chainId, now);
  const purpose = purposeOf(message);
  await spendNonce(storage, message.nonce, now);
  const wallet = getAddress(message.address);
  if (!(await isSignedBy(chain, wallet, text, signature))) {
    throw new LoginRefused("wrong-signature", `have ${wallet} sign this very message`);
  }
  const account = await chain.accountOf(wallet, await chain.finalBlock(now));
  if (!account.active) {
    throw new LoginRefused("not-certified", `have a registrar certify ${wallet}, or renew its certificate`);
  }
  const expiresAt = new Date(Math.min(now.getTime() + rules.sessionLifetime, signedUntil));
  const token = randomBytes(32).toString("base64url");
  const row = { token_hash: digest(token), wallet, purpose, expires_at: expiresAt.getTime() };
  await storage.insertInto("sessions").values(row).execute();
  return { token, session: { wallet, purpose, expiresAt } };
}

/** The session of a token, `expired` if it was one, or undefined. */
export async function sessionOf(storage: Storage, token: string, now: Date): Promise<Session | "expired" | undefined> {
  const row = await storage
    .selectFrom("sessions")
    .selectAll()
    .where("token_hash", "=", digest(token))
    .executeTakeFirst();
  if (row === undefined || !isPurposeOfUse(row.purpose)) return undefined;
  if (row.expires_at <= now.getTime()) return "expired";
  return { wallet: row.wallet, purpose: row.purpose, expiresAt: new Date(row.expires_at) };
}

function parseMessage(text: string): SiweMessage {
  try {
    return new SiweMessage(text);
  } catch {
    throw new LoginRefused("malformed", "send an ERC-4361 message, with the address in checksummed form");
  }
}

/** Everything that siwe itself does not insist on. Returns when the message ends, in milliseconds. */
function checkMessage(message: SiweMessage, rules: LoginRules, chainId: bigint, now: Date): number {
  const refuse = (reason: LoginRefusal, remedy: string): never => {
    throw new LoginRefused(reason, remedy);
  };
  if (message.domain !== rules.domain) refuse("wrong-domain", `sign for the domain ${rules.domain}`);
  if (message.uri !== rules.uri) refuse("wrong-uri", `sign for the URI ${rules.uri}`);
  if (BigInt(message.chainId) !== chainId) refuse("wrong-chain", `sign for chain ${chainId}`);
  const issued = Date.parse(message.issuedAt ?? "");
  const expires = Date.parse(message.expirationTime ?? "");
  if (Number.isNaN(issued) || Number.isNaN(expires)) refuse("no-times", "give Issued At and Expiration Time");
  const time = now.getTime();
  const notBefore = message.notBefore === undefined ? issued : Date.parse(message.notBefore);
  if (Math.max(issued, notBefore) > time + CLOCK_SKEW) refuse("not-now", "it is not valid yet: check the clock");
  if (expires <= time) refuse("not-now", "it has expired: sign a new message");
  if (expires - issued > MESSAGE_LIFETIME) refuse("too-long", "let the message expire within an hour");
  return expires;
}

function purposeOf({ resources = [] }: SiweMessage): PurposeOfUseCode {
  const named = resources.filter((resource) => resource.startsWith(PURPOSE_PREFIX));
  const code = named[0]?.slice(PURPOSE_PREFIX.length) ?? "";
  if (named.length !== 1 || !isPurposeOfUse(code)) {
    throw new LoginRefused("no-purpose", `name one purpose of use in the resources, such as ${PURPOSE_PREFIX}TREAT`);
  }
  return code;
}

async function spendNonce(storage: Storage, nonce: string, now: Date): Promise<void> {
  const spent = await storage
    .deleteFrom("nonces")
    .where("nonce_hash", "=", digest(nonce))
    .where("expires_at", ">", now.getTime())
    .executeTakeFirst();
  if (spent.numDeletedRows !== 1n) {
    throw new LoginRefused("nonce-unknown", "fetch a fresh nonce for every login and use it within five minutes");
  }
}

async function isSignedBy(chain: ChainView, wallet: string, text: string, signature: string): Promise<boolean> {
  if (isHexString(signature, 65) && isSignedByAccount(wallet, text, signature)) return true;
  return isHexString(signature) && chain.ask(isSignedByContract(chain.provider, wallet, hashMessage(text), signature));
}

function isSignedByAccount(wallet: string, text: string, signature: string): boolean {
  try {
    return verifyMessage(text, signature) === wallet;
  } catch {
    return false;
  }
}

function digest(secret: string): Uint8Array {
  return createHash("sha256").update(secret).digest();
}
