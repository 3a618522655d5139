import { isHexString } from "ethers";
import { TransactionRejected } from "../mempool/rejection.js";

/** An error as JSON-RPC says it. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  /** What a contract reverted with, in hex, so that wallets can decode it. */
  readonly data?: string;
}

/** The method is not on the list, or the request is none. */
export class RequestUnanswerable extends Error {
  override readonly name = "RequestUnanswerable";

  /** The error's code in JSON-RPC. */
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }

  static noMethod(method: string): RequestUnanswerable {
    return new RequestUnanswerable(-32_601, `The method ${method} does not exist, or is closed on this network.`);
  }

  static noRequest(): RequestUnanswerable {
    return new RequestUnanswerable(-32_600, "This is no JSON-RPC 2.0 request.");
  }

  static badParams(reason: string): RequestUnanswerable {
    return new RequestUnanswerable(-32_602, `The parameters are wrong: ${reason}.`);
  }
}

/** JSON-RPC's code for a contract that reverted. */
const REVERTED = 3;

/** JSON-RPC's code for a fault of the node. */
const INTERNAL = -32_603;

/** How JSON-RPC says what was thrown. */
export function rpcErrorOf(error: unknown): RpcError {
  if (error instanceof TransactionRejected || error instanceof RequestUnanswerable) {
    return { code: error.code, message: error.message };
  }
  if (!(error instanceof Error)) return { code: INTERNAL, message: String(error) };
  const code = "code" in error && typeof error.code === "number" ? error.code : INTERNAL;
  const data = "data" in error ? revertDataIn(error.data) : undefined;
  if (code !== REVERTED || data === undefined) return { code, message: error.message };
  return { code, message: revertMessage(error.message), data };
}

/** Wallets look for the word before they look at the data. */
function revertMessage(message: string): string {
  return /revert/i.test(message) ? message : `execution reverted: ${message}`;
}

function revertDataIn(data: unknown): string | undefined {
  if (isHexString(data)) return data;
  return typeof data === "object" && data !== null && "data" in data ? revertDataIn(data.data) : undefined;
}
