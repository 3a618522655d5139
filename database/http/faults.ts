import { NotSignedBy } from "../../src/eip712.js";
import { DeliveryKeyInvalid } from "../../src/market/hpke.js";
import { BundleRefused, NotAPatientBundle, SourceRefused } from "../../src/records/index.js";
import { SigningRequestExpired } from "../../src/records/signRecord.js";
import { FullLeafRefused, NotTheInstitution, SectionAmbiguous, SectionNotFound } from "../access.js";
import { ChainUnavailable } from "../chainView.js";
import { AccessRefused } from "../decision.js";
import { RecordShredded, SealBroken } from "../envelope.js";
import { KeyUnwrapFailed } from "../keyring.js";
import { type LoginRefusal, LoginRefused } from "../login.js";
import {
  DeliveryConflict,
  DeliveryNotReady,
  NotTheBuyer,
  OrderNotHere,
  OrderRefunded,
} from "../market/exportAccess.js";
import { ExportNotFound } from "../market/exportRequests.js";
import { MarketNotConfigured } from "../market/orderOnChain.js";
import { RequestNotFound } from "../signingRequests.js";
import { WalletDirectoryUnavailable, WalletUnknown } from "../walletDirectory.js";
import { type IssueCode, RequestRefused } from "./operationOutcome.js";

const RETRY = { "retry-after": "5" };
const MALFORMED_LOGINS: ReadonlySet<LoginRefusal> = new Set(["malformed", "no-times", "too-long", "no-purpose"]);

/** The answer to whatever a handler or Fastify threw. What nobody expected says nothing of itself to the client. */
export function refusalOf(error: unknown): RequestRefused {
  if (error instanceof RequestRefused) return error;
  return (
    accessRefusal(error) ??
    inputRefusal(error) ??
    stateRefusal(error) ??
    exportRefusal(error) ??
    frameworkRefusal(error) ??
    unexpected(error)
  );
}

function accessRefusal(error: unknown): RequestRefused | undefined {
  if (error instanceof AccessRefused) {
    const { decision, message } = error;
    const [status, code] = decision === "RecordUnknown" ? ([404, "not-found"] as const) : ([403, "forbidden"] as const);
    return new RequestRefused(status, code, message, { decision, cause: error });
  }
  if (error instanceof LoginRefused) {
    if (MALFORMED_LOGINS.has(error.reason)) return answer(400, "invalid", error);
    const headers = { "www-authenticate": "Bearer" };
    return new RequestRefused(401, "login", error.message, { decision: error.reason, headers, cause: error });
  }
  if (error instanceof SectionNotFound || error instanceof RequestNotFound) return answer(404, "not-found", error);
  if (error instanceof NotTheInstitution) return answer(403, "forbidden", error);
  if (error instanceof SectionAmbiguous) return answer(400, "multiple-matches", error);
  if (error instanceof FullLeafRefused) return answer(403, "suppressed", error);
  return undefined;
}

function inputRefusal(error: unknown): RequestRefused | undefined {
  if (error instanceof BundleRefused) {
    const { entry, reason, message } = error;
    const where = entry === undefined ? {} : { expression: `Bundle.entry[${entry}]` };
    return new RequestRefused(reason === "unreadable" ? 400 : 422, "invalid", message, { ...where, cause: error });
  }
  if (error instanceof NotAPatientBundle) return answer(422, "required", error);
  if (error instanceof SourceRefused) return answer(400, "structure", error);
  if (error instanceof WalletUnknown) return answer(422, "business-rule", error);
  if (error instanceof NotSignedBy) return answer(422, "invalid", error);
  return undefined;
}

function stateRefusal(error: unknown): RequestRefused | undefined {
  if (error instanceof SigningRequestExpired) return answer(409, "expired", error);
  if (error instanceof RecordShredded) return answer(410, "deleted", error);
  if (error instanceof SealBroken || error instanceof KeyUnwrapFailed) return answer(500, "exception", error);
  if (error instanceof ChainUnavailable || error instanceof WalletDirectoryUnavailable) {
    return new RequestRefused(503, "transient", error.message, { headers: RETRY, cause: error });
  }
  return undefined;
}

function exportRefusal(error: unknown): RequestRefused | undefined {
  if (error instanceof NotTheBuyer) return answer(403, "forbidden", error);
  if (error instanceof OrderNotHere || error instanceof ExportNotFound) return answer(404, "not-found", error);
  if (error instanceof MarketNotConfigured) return answer(404, "not-supported", error);
  if (error instanceof DeliveryKeyInvalid) return answer(400, "invalid", error);
  if (error instanceof OrderRefunded) return answer(409, "business-rule", error);
  if (error instanceof DeliveryConflict) return answer(409, "conflict", error);
  if (error instanceof DeliveryNotReady) {
    return new RequestRefused(425, "transient", error.message, { headers: RETRY, cause: error });
  }
  return undefined;
}

const OF_STATUS: Readonly<Record<number, readonly [IssueCode, string]>> = {
  400: ["invalid", "The request cannot be read: check its address and headers"],
  413: ["too-long", "The body is too large: send less at once"],
  414: ["too-long", "The address is too long"],
  415: ["not-supported", "Send the body as application/fhir+json or application/json"],
  431: ["too-long", "The headers are too large: send fewer"],
};

function frameworkRefusal(error: unknown): RequestRefused | undefined {
  const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
  return plainRefusal(status, error);
}

/** The answer for a status that Fastify or Node chose, if it is the client's fault. */
export function plainRefusal(status: number, cause?: unknown): RequestRefused | undefined {
  const known = OF_STATUS[status];
  return known && new RequestRefused(status, known[0], known[1], { cause });
}

function unexpected(cause: unknown): RequestRefused {
  return new RequestRefused(500, "exception", "The service failed: tell its operator when this happened", { cause });
}

function answer(status: number, code: IssueCode, error: Error): RequestRefused {
  return new RequestRefused(status, code, error.message, { cause: error });
}
