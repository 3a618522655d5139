import type { FastifyInstance } from "fastify";
import { readSource } from "../../src/records/index.js";
import { stringIn } from "../../src/records/json.js";
import { issueNonce, logIn } from "../login.js";
import { databaseOf } from "./caller.js";
import { RequestRefused } from "./operationOutcome.js";
import { bodyOf, route, sendJson } from "./route.js";
import { loginRulesOf, type Service } from "./service.js";

/** `GET nonce` and `POST login` with `{"message", "signature"}`. */
export function addLoginRoutes(app: FastifyInstance, service: Service): void {
  route(app, "/:institution/nonce", {
    GET: {
      handler: async (request, reply) => {
        const database = databaseOf(service, request);
        const nonce = await issueNonce(database.storage, service.clock());
        const { domain, uri } = loginRulesOf(service, database);
        return sendJson(reply, { nonce, domain, uri, chainId: service.chain.chainId.toString() });
      },
    },
  });
  route(app, "/:institution/login", {
    POST: {
      handler: async (request, reply) => {
        const database = databaseOf(service, request);
        const body = readSource(bodyOf(request)).value;
        const message = stringIn(body, "message");
        const signature = stringIn(body, "signature");
        if (message === undefined || signature === undefined) {
          throw new RequestRefused(400, "required", "Send a JSON object with message and signature");
        }
        const now = service.clock();
        const place = { storage: database.storage, chain: service.chain };
        const { token, session } = await logIn(place, loginRulesOf(service, database), message, signature, now);
        const expires_in = Math.floor((session.expiresAt.getTime() - now.getTime()) / 1000);
        return sendJson(reply, { access_token: token, token_type: "Bearer", expires_in, purpose: session.purpose });
      },
    },
  });
}
