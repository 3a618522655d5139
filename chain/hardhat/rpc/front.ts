import { type RunningServer, serveLocally } from "../http/loopbackServer.js";
import type { ChainAccess } from "./chainAccess.js";
import { RequestUnanswerable, type RpcError, rpcErrorOf } from "./errors.js";
import { RpcMethods } from "./methods.js";

type Fields = Readonly<Record<string, unknown>>;

interface RpcResponse {
  readonly jsonrpc: "2.0";
  readonly id: unknown;
  readonly result?: unknown;
  readonly error?: RpcError;
}

/** Room for a transaction of the greatest size, and for a batch of ordinary calls. */
const MAX_BODY = 2 * 1_048_576;

const MAX_BATCH = 1_000;

/**
 * Serves JSON-RPC to wallets and tools, on 127.0.0.1, through a list of methods: nothing by which anyone could change the
 * chain's time, balances or code is on it.
 *
 * @param port 0 for any that is free.
 * @throws {PortTaken}
 */
export function serveRpc(chain: ChainAccess, port: number): Promise<RunningServer> {
  const methods = new RpcMethods(chain);
  return serveLocally(port, { maxBody: MAX_BODY, answer: ({ body }) => answer(methods, body) });
}

/** The answer to a request, or to a batch of them. */
async function answer(methods: RpcMethods, body: unknown): Promise<unknown> {
  if (!Array.isArray(body)) return answerOne(methods, body);
  if (body.length === 0 || body.length > MAX_BATCH) return failure(null, RequestUnanswerable.noRequest());
  const answers = await Promise.all(body.map((request) => answerOne(methods, request)));
  const expected = answers.filter((response) => response !== undefined);
  return expected.length === 0 ? undefined : expected;
}

/** A notification, which has no id, is carried out and not answered. */
async function answerOne(methods: RpcMethods, request: unknown): Promise<RpcResponse | undefined> {
  const { id, method, params = [] } = typeof request === "object" && request !== null ? (request as Fields) : {};
  const isNotification = id === undefined && typeof method === "string";
  try {
    if (typeof method !== "string" || !Array.isArray(params)) throw RequestUnanswerable.noRequest();
    const result = await methods.answer(method, params);
    return isNotification ? undefined : { jsonrpc: "2.0", id, result: result ?? null };
  } catch (error) {
    return isNotification ? undefined : failure(id ?? null, error);
  }
}

function failure(id: unknown, error: unknown): RpcResponse {
  return { jsonrpc: "2.0", id, error: rpcErrorOf(error) };
}
