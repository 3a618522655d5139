import type { FastifyRequest, onRequestAsyncHookHandler } from "fastify";
import type { AccessContext } from "../access.js";
import { AccessRefused, requireCertified } from "../decision.js";
import { sessionOf } from "../login.js";
import type { MedicalDatabase } from "../medicalDatabase.js";
import { RequestRefused } from "./operationOutcome.js";
import { parameterOf } from "./route.js";
import type { Service } from "./service.js";

const callers = new WeakMap<FastifyRequest, AccessContext>();

/**
 * The institution that the path names.
 *
 * @throws RequestRefused
 */
export function databaseOf({ institutions }: Service, request: FastifyRequest): MedicalDatabase {
  const number = parameterOf(request, "params", "institution") ?? "";
  const database = /^[1-9]\d{0,4}$/.test(number) ? institutions.get(Number(number)) : undefined;
  if (database === undefined)
    throw new RequestRefused(404, "not-found", "No institution of this number is served here");
  return database;
}

/** A hook that lets only logged-in callers in. */
export function requireSession(service: Service): onRequestAsyncHookHandler {
  return async (request) => {
    const database = databaseOf(service, request);
    const now = service.clock();
    const token = /^Bearer ([A-Za-z0-9_-]{43})$/.exec(request.headers.authorization ?? "")?.[1];
    const session = token === undefined ? undefined : await sessionOf(database.storage, token, now);
    if (session === undefined)
      throw unauthorized("login", "Log in at this institution first, and send the Bearer token");
    if (session === "expired") throw unauthorized("expired", "The token has expired: log in again");
    callers.set(request, { database, chain: service.chain, session, now });
  };
}

/**
 * Whether the caller is the institution itself.
 *
 * @throws AccessRefused when the caller's certificate does not hold, ChainUnavailable
 */
export async function isInstitution({ chain, database, session, now }: AccessContext): Promise<boolean> {
  const block = await chain.finalBlock(now);
  await requireCertified(chain, session, block);
  return (await chain.institutionWallet(database.institution.number, block)) === session.wallet;
}

/** Who calls; after {@link requireSession}. */
export function callerOf(request: FastifyRequest): AccessContext {
  const caller = callers.get(request);
  if (caller === undefined) throw new AccessRefused("RequesterNotCertified");
  return caller;
}

function unauthorized(code: "login" | "expired", text: string): RequestRefused {
  return new RequestRefused(401, code, text, { headers: { "www-authenticate": "Bearer" } });
}
