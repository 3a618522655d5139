import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The request is refused before anyone looks at what it asks. */
export class RequestRefused extends Error {
  override readonly name = "RequestRefused";

  /** HTTP status. */
  readonly status: number;

  constructor(status: number, reason: string) {
    super(reason);
    this.status = status;
  }
}

/** A request that was let in. */
export interface LocalRequest {
  readonly method: "GET" | "POST";
  /** Path and query. */
  readonly url: URL;
  /** The JSON of a POST; undefined for a GET. */
  readonly body: unknown;
}

/** What the server does with requests. */
export interface LocalService {
  /** Bytes of a body, at most. */
  readonly maxBody: number;

  /**
   * Answers with JSON; undefined for nothing.
   *
   * @throws {RequestRefused} for its status; anything else is a fault of ours.
   */
  answer(request: LocalRequest): Promise<unknown>;
}

/** The port is taken. */
export class PortTaken extends Error {
  override readonly name = "PortTaken";

  constructor(port: number) {
    super(`Port ${port} of 127.0.0.1 is taken, perhaps by another network: stop it, or choose another port.`);
  }
}

/** A server that runs. */
export interface RunningServer {
  /** Without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves JSON over HTTP on 127.0.0.1 only.
 *
 * Web pages are kept out, which a browser on this machine would let through: a page whose name was rebound to 127.0.0.1
 * has another Host, and one that sends without asking first cannot send `application/json`. Pages of this machine may ask.
 *
 * @param port 0 for any that is free.
 * @throws {PortTaken}
 */
export async function serveLocally(port: number, service: LocalService): Promise<RunningServer> {
  const server = createServer((request, response) => {
    void respond(service, request, response);
  });
  server.requestTimeout = 10_000;
  await listen(server, port);
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${actual}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      reject("code" in error && error.code === "EADDRINUSE" ? new PortTaken(port) : error);
    });
    server.listen(port, "127.0.0.1", resolve);
  });
}

async function respond(service: LocalService, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    requireLocal(request.headers.host, "Host");
    allowOrigin(request, response);
    if (request.method === "OPTIONS") return void response.writeHead(204).end();
    const answer = await service.answer(await read(service, request));
    const text = answer === undefined ? "" : JSON.stringify(answer);
    response.writeHead(200, { "content-type": "application/json" }).end(text);
  } catch (error) {
    const [status, reason] = error instanceof RequestRefused ? [error.status, error.message] : [500, "Internal error"];
    // What is left of a body that is too long is not read.
    response.writeHead(status, { "content-type": "application/json", connection: "close" });
    response.end(JSON.stringify({ error: reason }));
  }
}

async function read({ maxBody }: LocalService, request: IncomingMessage): Promise<LocalRequest> {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  if (request.method === "GET") return { method: "GET", url, body: undefined };
  if (request.method !== "POST") throw new RequestRefused(405, "Only GET and POST are answered.");
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
    throw new RequestRefused(415, "Send the content type application/json.");
  }
  return { method: "POST", url, body: parse(await readBody(request, maxBody)) };
}

async function readBody(request: IncomingMessage, maxBody: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBody) throw new RequestRefused(413, `Send at most ${maxBody} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RequestRefused(400, "The body is not JSON.");
  }
}

function allowOrigin({ headers }: IncomingMessage, response: ServerResponse): void {
  const { origin } = headers;
  if (origin === undefined) return;
  requireLocal(hostOf(origin), "Origin");
  response.setHeader("access-control-allow-origin", origin);
  response.setHeader("access-control-allow-headers", "content-type");
  response.setHeader("vary", "origin");
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}

function requireLocal(host: string | undefined, header: string): void {
  if (/^(localhost|127\.0\.0\.1)(:\d+)?$/i.test(host ?? "")) return;
  throw new RequestRefused(403, `Only localhost and 127.0.0.1 are answered; the request's ${header} is another.`);
}
