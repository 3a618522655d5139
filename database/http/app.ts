import type { Socket } from "node:net";
import rateLimit from "@fastify/rate-limit";
import fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import { addExportRoutes } from "./exportRoutes.js";
import { plainRefusal, refusalOf } from "./faults.js";
import { addLoginRoutes } from "./loginRoutes.js";
import { addMetadataRoute } from "./metadata.js";
import { outcomeOf, RequestRefused } from "./operationOutcome.js";
import { addReadRoutes } from "./readRoutes.js";
import { FHIR_JSON, sendResource } from "./route.js";
import type { Service } from "./service.js";
import { addSigningRoutes } from "./signingRoutes.js";
import { addTransactionRoute } from "./transactionRoute.js";

/** The service's routes. Every error is answered with an OperationOutcome. */
export async function createApp(service: Service): Promise<FastifyInstance> {
  const answer = (error: unknown, reply: FastifyReply) => refuse(service, error, reply);
  const app = fastify({
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 128 },
    exposeHeadRoutes: false,
    trustProxy: [...(service.trustProxy ?? [])],
    forceCloseConnections: "idle",
    requestTimeout: 60_000,
    // Faults of addresses and headers come before any handler and pass by setErrorHandler.
    frameworkErrors: (error, _request, reply) => answer(error, reply),
    clientErrorHandler: (error, socket) => refuseConnection(error, socket),
  });
  app.setErrorHandler((error, _request, reply) => answer(error, reply));
  app.setNotFoundHandler((_request, reply) => {
    return answer(
      new RequestRefused(404, "not-found", "Nothing is at this address: see {institution}/fhir/metadata"),
      reply,
    );
  });
  // Bytes, for what is hashed and stored is what was sent.
  app.removeAllContentTypeParsers();
  const json = ["application/fhir+json", "application/json"];
  app.addContentTypeParser(json, { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  let closing = false;
  app.addHook("preClose", async () => {
    closing = true;
  });
  app.addHook("onSend", async (_request, reply) => {
    reply.headers({ "cache-control": "no-store", "x-content-type-options": "nosniff" });
    // A connection that a client keeps would hold up the end.
    if (closing) reply.header("connection", "close");
  });
  await app.register(rateLimit, {
    global: false,
    max: service.requestsPerMinute,
    timeWindow: 60_000,
    errorResponseBuilder: () => new RequestRefused(429, "throttled", "Too many requests: wait a minute"),
  });
  // A hook of the whole service comes before those of a route: refused callers count too.
  app.addHook("onRequest", app.rateLimit());
  addMetadataRoute(app, service);
  addLoginRoutes(app, service);
  addTransactionRoute(app, service);
  addSigningRoutes(app, service);
  addExportRoutes(app, service);
  addReadRoutes(app, service);
  return app;
}

function refuse({ onError }: Service, error: unknown, reply: FastifyReply): FastifyReply {
  const refusal = refusalOf(error);
  if (refusal.status >= 500) onError(error);
  return sendResource(reply.headers(refusal.details.headers ?? {}), outcomeOf(refusal), refusal.status);
}

/** What is no HTTP request at all is answered by hand: there is no reply yet. */
function refuseConnection(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const status = error.code === "HPE_HEADER_OVERFLOW" ? 431 : 400;
  const refusal = plainRefusal(status) ?? new RequestRefused(400, "invalid", "Send an HTTP request");
  const body = JSON.stringify(outcomeOf(refusal));
  const reason = status === 431 ? "Request Header Fields Too Large" : "Bad Request";
  const head = `HTTP/1.1 ${status} ${reason}\r\ncontent-type: ${FHIR_JSON}\r\ncontent-length: ${Buffer.byteLength(body)}`;
  socket.end(`${head}\r\nconnection: close\r\n\r\n${body}`);
}
