import type { FastifyInstance } from "fastify";
import { readSource } from "../../src/records/index.js";
import { stringIn } from "../../src/records/json.js";
import { partyOf } from "../../src/records/signingRequest.js";
import { SigningRequestExpired } from "../../src/records/signRecord.js";
import { type AccessContext, audited, auditRefusal } from "../access.js";
import { appendAuditEvent } from "../audit.js";
import { auditEventOf } from "../auditEvent.js";
import {
  addSignature,
  closeRegistered,
  findRequest,
  openRequest,
  RequestNotFound,
  type RequestSummary,
  requestsOfParty,
  signedRequests,
  verifyPartySignature,
} from "../signingRequests.js";
import { callerOf, isInstitution, requireSession } from "./caller.js";
import { RequestRefused } from "./operationOutcome.js";
import { recordIdOf } from "./readRoutes.js";
import { bodyOf, parameterOf, route, sendJson } from "./route.js";
import type { Service } from "./service.js";

/**
 * `GET SigningRequest`, `GET SigningRequest/{record}` and `POST SigningRequest/{record}/$sign` with `{"signature"}`: plain JSON, FHIR has
 * no such resource. Doctor and patient see their own requests, the institution those that both have signed.
 */
export function addSigningRoutes(app: FastifyInstance, service: Service): void {
  const onRequest = [requireSession(service)];
  route(app, "/:institution/fhir/SigningRequest", {
    GET: {
      onRequest,
      handler: async (request, reply) => sendJson(reply, { requests: await openRequests(callerOf(request)) }),
    },
  });
  route(app, "/:institution/fhir/SigningRequest/:record", {
    GET: {
      onRequest,
      handler: async (request, reply) => {
        const id = recordIdOf(parameterOf(request, "params", "record"));
        return sendJson(reply, await readRequest(callerOf(request), id));
      },
    },
  });
  route(app, "/:institution/fhir/SigningRequest/:record/$sign", {
    POST: {
      onRequest,
      handler: async (request, reply) => {
        const id = recordIdOf(parameterOf(request, "params", "record"));
        const signature = stringIn(readSource(bodyOf(request)).value, "signature");
        if (signature === undefined) {
          throw new RequestRefused(400, "required", "Send a JSON object with the signature");
        }
        return sendJson(reply, await sign(callerOf(request), id, signature));
      },
    },
  });
}

async function openRequests(caller: AccessContext): Promise<RequestSummary[]> {
  const { database, chain, session, now } = caller;
  const institution = await isInstitution(caller);
  const requests = institution
    ? await signedRequests(database, now)
    : await requestsOfParty(database, session.wallet, now);
  const registered = await closeRegistered(database, chain, requests, await chain.finalBlock(now));
  return requests.filter(({ id }) => !registered.has(id));
}

async function readRequest(caller: AccessContext, id: string) {
  const trail = { interaction: "read" as const, records: [id], details: { form: "signing request" } };
  return audited(caller, trail, async () => {
    const summary = await ownRequest(caller, id, await isInstitution(caller));
    return { request: await openRequest(caller.database, summary), signatures: summary.signatures };
  });
}

async function sign(caller: AccessContext, id: string, signature: string): Promise<RequestSummary> {
  const { database, chain, session, now } = caller;
  const trail = { interaction: "operation" as const, records: [id], details: { operation: "sign" } };
  return auditRefusal(caller, trail, async () => {
    await isInstitution(caller);
    const summary = await ownRequest(caller, id, false);
    if (summary.state === "expired") throw new SigningRequestExpired(summary.deadline);
    const request = await openRequest(database, summary);
    const signed = { party: partyOf(request, session.wallet), signature };
    await verifyPartySignature(chain, request, signed);
    const event = auditEventOf({ ...trail, session, outcome: "granted" }, database.institution.number, now);
    await database.storage.transaction().execute(async (transaction) => {
      await addSignature(transaction, id, signed);
      await appendAuditEvent(transaction, event);
    });
    return (await findRequest(database, id, now)) ?? summary;
  });
}

/** The request, if the caller has to do with it; to anyone else there is none. */
async function ownRequest(caller: AccessContext, id: string, institution: boolean): Promise<RequestSummary> {
  const { database, session, now } = caller;
  const found = await findRequest(database, id, now);
  const parties = [found?.patientWallet, found?.doctorWallet];
  if (found !== undefined && (institution || parties.includes(session.wallet))) return found;
  throw new RequestNotFound();
}
