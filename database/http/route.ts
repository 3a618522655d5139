import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from "fastify";
import { RequestRefused } from "./operationOutcome.js";

/** What answers one method of a route. */
export interface MethodHandler {
  /** Run before the body is read: who may not call the route cannot make the service read anything. */
  readonly onRequest?: readonly onRequestAsyncHookHandler[];
  /** Bytes; 64 KiB by default. */
  readonly bodyLimit?: number;
  readonly handler: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const BODY_LIMIT = 64 * 1024;

/** The media type of every answer. */
export const FHIR_JSON = "application/fhir+json; charset=utf-8";

/** Adds a route; its other methods are answered with 405. */
export function route(
  app: FastifyInstance,
  url: string,
  methods: Partial<Record<"GET" | "POST" | "DELETE", MethodHandler>>,
): void {
  for (const [method, { onRequest = [], bodyLimit = BODY_LIMIT, handler }] of Object.entries(methods)) {
    app.route({ method, url, onRequest: [...onRequest], bodyLimit, handler });
  }
  const allow = Object.keys(methods).join(", ");
  const refuse = async () => {
    throw new RequestRefused(405, "not-supported", `Here only ${allow} is possible`, { headers: { allow } });
  };
  const others = METHODS.filter((method) => !Object.hasOwn(methods, method));
  app.route({ method: others, url, onRequest: refuse, handler: refuse });
}

/** Answers with a FHIR resource. */
export function sendResource(reply: FastifyReply, resource: object, status = 200): FastifyReply {
  return reply.code(status).type(FHIR_JSON).send(JSON.stringify(resource));
}

/** Answers with plain JSON. */
export function sendJson(reply: FastifyReply, value: object): FastifyReply {
  return reply.type("application/json; charset=utf-8").send(JSON.stringify(value));
}

/** The bytes of the request's body. */
export function bodyOf(request: FastifyRequest): Uint8Array {
  if (request.body instanceof Uint8Array) return request.body;
  throw new RequestRefused(400, "required", "Send a body as application/fhir+json or application/json");
}

/** A parameter of the path, or of the query; undefined when it is missing or given twice. */
export function parameterOf(request: FastifyRequest, from: "params" | "query", name: string): string | undefined {
  const values: unknown = request[from];
  const value: unknown = typeof values === "object" && values !== null ? Reflect.get(values, name) : undefined;
  return typeof value === "string" ? value : undefined;
}
