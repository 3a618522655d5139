import type { FastifyInstance } from "fastify";
import { DEFAULT_LIMITS } from "../../src/records/index.js";
import { type AccessContext, auditRefusal, NotTheInstitution } from "../access.js";
import { ingest } from "../ingest.js";
import { callerOf, isInstitution, requireSession } from "./caller.js";
import { bodyOf, route, sendResource } from "./route.js";
import type { Service } from "./service.js";
import { transactionResponse } from "./transactionResponse.js";

/** `POST /` with one patient's transaction Bundle; for the institution's own wallet. */
export function addTransactionRoute(app: FastifyInstance, service: Service): void {
  route(app, "/:institution/fhir", {
    POST: {
      onRequest: [requireSession(service), async (request) => requireInstitution(callerOf(request))],
      bodyLimit: DEFAULT_LIMITS.bytes,
      handler: async (request, reply) => {
        const caller = callerOf(request);
        const context = { ...caller, wallets: service.wallets };
        const report = await auditRefusal(caller, transactionTrail(), () => ingest(context, bodyOf(request)));
        return sendResource(reply, transactionResponse(report));
      },
    },
  });
}

function requireInstitution(caller: AccessContext): Promise<void> {
  return auditRefusal(caller, transactionTrail(), async () => {
    if (!(await isInstitution(caller))) throw new NotTheInstitution();
  });
}

function transactionTrail() {
  return { interaction: "transaction" as const, records: [], details: {} };
}
