import { Readable } from "node:stream";
import { ZeroHash } from "ethers";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { checkPublicKey, type DeliveryPublicKey, isDeliverySuite, wrapContentKey } from "../../src/market/hpke.js";
import { orderText } from "../../src/market/seal.js";
import { readSource } from "../../src/records/index.js";
import { isJsonObject, objectsIn, stringIn } from "../../src/records/json.js";
import { type AccessContext, audited, auditRefusal, type Trail } from "../access.js";
import { deliveryForBuyer } from "../market/exportAccess.js";
import {
  binaryLines,
  type ExportFile,
  exportFiles,
  idsOfFile,
  parameterLines,
  recordsOfFile,
} from "../market/exportFiles.js";
import { type ExportRequest, findExport, keepExport, removeExport } from "../market/exportRequests.js";
import { placeOf } from "../market/orderOnChain.js";
import { callerOf, requireSession } from "./caller.js";
import { information, RequestRefused } from "./operationOutcome.js";
import { bodyOf, parameterOf, route, sendJson, sendResource } from "./route.js";
import { fhirBaseOf, type Service } from "./service.js";

const NDJSON = "application/fhir+ndjson";
const RETRY_AFTER = { "retry-after": "1" };

/**
 * The delivery of an order in the manner of FHIR Bulk Data: `GET $export?_order=ID`, or `POST $export` with a Parameters resource that
 * holds `_order` and the buyer's key; then `GET $export-status/{id}` until the manifest comes, `GET` its files, `DELETE` the status.
 */
export function addExportRoutes(app: FastifyInstance, service: Service): void {
  const onRequest = [requireSession(service)];
  route(app, "/:institution/fhir/$export", {
    GET: { onRequest, handler: (request, reply) => kickOff(service, request, reply, queriedOrder(request)) },
    POST: { onRequest, handler: (request, reply) => kickOff(service, request, reply, postedOrder(request)) },
  });
  route(app, "/:institution/fhir/$export-status/:export", {
    GET: { onRequest, handler: (request, reply) => sendStatus(service, request, reply) },
    DELETE: {
      onRequest,
      handler: async (request, reply) => {
        const { database, session, now } = callerOf(request);
        const id = exportIdOf(request);
        await findExport(database.storage, id, session.wallet, now);
        await removeExport(database.storage, id, session.wallet);
        return sendResource(reply, information("The export is deleted; the delivery is not"), 202);
      },
    },
  });
  route(app, "/:institution/fhir/$export-files/:export/:file", {
    GET: { onRequest, handler: (request, reply) => sendFile(service, request, reply) },
  });
}

interface Asked {
  readonly orderId: number;
  readonly key: DeliveryPublicKey | undefined;
}

async function kickOff(service: Service, request: FastifyRequest, reply: FastifyReply, { orderId, key }: Asked) {
  if (!/\brespond-async\b/.test(String(request.headers.prefer ?? ""))) {
    throw new RequestRefused(400, "required", "Send the header Prefer: respond-async");
  }
  const caller = callerOf(request);
  const base = fhirBaseOf(service, caller.database);
  const id = await audited(caller, await trailOf(caller, orderId, "operation"), async () => {
    await deliveryForBuyer(caller, orderId);
    // A key may be of the right length and still be none: the buyer learns it now, not in the middle of a file.
    const place = { ...(await placeOf(caller.chain, orderId)), recordId: ZeroHash };
    if (key !== undefined) await wrapContentKey(key, new Uint8Array(32), place);
    const asked = { orderId, wallet: caller.session.wallet, key, requestUrl: `${base}/$export?_order=${orderId}` };
    return keepExport(caller.database.storage, asked, caller.now);
  });
  reply.header("content-location", `${base}/$export-status/${id}`);
  return sendResource(reply, information("The export has begun: ask for its status"), 202);
}

async function sendStatus(service: Service, request: FastifyRequest, reply: FastifyReply) {
  const caller = callerOf(request);
  const id = exportIdOf(request);
  const asked = await findExport(caller.database.storage, id, caller.session.wallet, caller.now);
  const trail = await trailOf(caller, asked.orderId, "operation");
  const { stored, isOnChain } = await auditRefusal(caller, trail, () => deliveryForBuyer(caller, asked.orderId));
  if (!isOnChain) {
    reply.headers({ ...RETRY_AFTER, "x-progress": "prepared, not on the chain yet" });
    return sendResource(reply, information("The provider has not put the delivery on the chain yet"), 202);
  }
  const base = `${fhirBaseOf(service, caller.database)}/$export-files/${id}`;
  return sendJson(reply, {
    transactionTime: new Date(stored.exportedAt * 1000).toISOString(),
    request: asked.requestUrl,
    requiresAccessToken: true,
    output: exportFiles(stored).map(({ type, number, count }) => ({ type, url: `${base}/${type}-${number}`, count })),
    error: [],
  });
}

async function sendFile(service: Service, request: FastifyRequest, reply: FastifyReply) {
  const caller = callerOf(request);
  const { database, session, now } = caller;
  const asked = await findExport(database.storage, exportIdOf(request), session.wallet, now);
  const name = parameterOf(request, "params", "file") ?? "";
  const trail = await trailOf(caller, asked.orderId, "read");
  trail.details.file = name.slice(0, 32);
  const { file, stored } = await audited(caller, trail, async () => {
    const { stored, isOnChain } = await deliveryForBuyer(caller, asked.orderId);
    const file = exportFiles(stored).find(({ type, number }) => `${type}-${number}` === name);
    if (!isOnChain || file === undefined) {
      throw new RequestRefused(404, "not-found", "The export has no such file: see its status");
    }
    trail.records.push(...(await idsOfFile(database, stored, file)));
    return { file, stored };
  });
  const lines = Readable.from(await linesOf(caller, asked, file, stored));
  lines.on("error", (error) => {
    // An answer that has begun can only break off.
    if (reply.raw.headersSent) service.onError(error);
  });
  return reply.type(NDJSON).send(lines);
}

async function linesOf(
  { database, chain }: AccessContext,
  { orderId, key }: ExportRequest,
  file: ExportFile,
  stored: Parameters<typeof recordsOfFile>[1],
): Promise<AsyncIterable<string>> {
  const records = recordsOfFile(database, stored, file);
  return file.type === "Binary"
    ? binaryLines(records)
    : parameterLines(database, await placeOf(chain, orderId), records, key);
}

async function trailOf({ chain }: AccessContext, orderId: number, interaction: Trail["interaction"]): Promise<Trail> {
  const order = orderText(await placeOf(chain, orderId));
  return { interaction, records: [], order, details: { operation: "export" } };
}

function queriedOrder(request: FastifyRequest): Asked {
  return { orderId: orderIdOf(parameterOf(request, "query", "_order")), key: undefined };
}

function postedOrder(request: FastifyRequest): Asked {
  const { value } = readSource(bodyOf(request));
  const parameters = objectsIn(isJsonObject(value) ? value.parameter : undefined);
  const one = (name: string, type: string) => {
    return stringIn(
      parameters.find((parameter) => parameter.name === name),
      type,
    );
  };
  const suite = one("suite", "valueCode") ?? "";
  const publicKey = Buffer.from(one("publicKey", "valueBase64Binary") ?? "", "base64");
  if (!isDeliverySuite(suite)) {
    throw new RequestRefused(400, "required", "Name the suite of the public key, X-Wing or X25519");
  }
  checkPublicKey({ suite, publicKey });
  return { orderId: orderIdOf(one("_order", "valueString")), key: { suite, publicKey } };
}

function orderIdOf(text: string | undefined): number {
  if (!/^[1-9]\d{0,9}$/.test(text ?? "") || Number(text) >= 2 ** 32) {
    throw new RequestRefused(400, "invalid", "Give the order's number once, as _order");
  }
  return Number(text);
}

function exportIdOf(request: FastifyRequest): string {
  return parameterOf(request, "params", "export") ?? "";
}
