import type { FastifyInstance, FastifyRequest } from "fastify";
import { LeafKind, type LeafKindCode } from "../../src/records/index.js";
import { stringIn } from "../../src/records/json.js";
import { type ReadRecord, readRecord } from "../access.js";
import type { MedicalDatabase } from "../medicalDatabase.js";
import { encodeProofHeader, isLeafName, LEAF_NAMES, PROOF_HEADER } from "../proofExtensions.js";
import { fhirIdOf, recordBundle } from "../recordBundle.js";
import type { Served } from "../recordStore.js";
import { callerOf, requireSession } from "./caller.js";
import { RequestRefused } from "./operationOutcome.js";
import { FHIR_JSON, parameterOf, route } from "./route.js";
import { fhirBaseOf, type Service } from "./service.js";

/** `GET Bundle/{record}` and `GET {Type}/{id}?_record={record}`, both with `?_leaf=full` or `?_leaf=deidentified`. */
export function addReadRoutes(app: FastifyInstance, service: Service): void {
  const onRequest = [requireSession(service)];
  route(app, "/:institution/fhir/Bundle/:record", {
    GET: {
      onRequest,
      handler: async (request, reply) => {
        const caller = callerOf(request);
        const recordId = recordIdOf(parameterOf(request, "params", "record"));
        const read = await readRecord(caller, { recordId }, askedKind(request));
        const fullUrls = read.served.map((section) => fullUrlOf(service, caller.database, read, section));
        return reply.type(FHIR_JSON).send(recordBundle({ ...read, fullUrls, now: caller.now }));
      },
    },
  });
  route(app, "/:institution/fhir/:type/:id", {
    GET: {
      onRequest,
      handler: async (request, reply) => {
        const { record, served } = await readRecord(callerOf(request), sectionTarget(request), askedKind(request));
        const [section] = served;
        if (section === undefined) throw new RequestRefused(404, "not-found", "No such resource is here");
        return reply.type(FHIR_JSON).header(PROOF_HEADER, encodeProofHeader(record, section)).send(section.bytes);
      },
    },
  });
}

/**
 * A record's id as the chain has it.
 *
 * @param text 64 hex digits, with or without 0x
 * @throws RequestRefused
 */
export function recordIdOf(text: string | undefined): string {
  const digits = /^(?:0x)?([0-9a-fA-F]{64})$/.exec(text ?? "")?.[1];
  if (digits === undefined) throw new RequestRefused(400, "invalid", "Give the record's id as 64 hex digits");
  return `0x${digits.toLowerCase()}`;
}

function askedKind(request: FastifyRequest): LeafKindCode | undefined {
  if (!hasQuery(request, "_leaf")) return undefined;
  const name = parameterOf(request, "query", "_leaf") ?? "";
  if (!isLeafName(name)) throw new RequestRefused(400, "invalid", "Give _leaf once, as full or deidentified");
  return LEAF_NAMES[name];
}

function sectionTarget(request: FastifyRequest) {
  const resourceType = parameterOf(request, "params", "type") ?? "";
  const id = parameterOf(request, "params", "id") ?? "";
  if (!/^[A-Z][A-Za-z]{1,63}$/.test(resourceType) || !/^[A-Za-z0-9.-]{1,64}$/.test(id)) {
    throw new RequestRefused(400, "invalid", "Give a FHIR resource type and a FHIR id");
  }
  const recordId = hasQuery(request, "_record") ? recordIdOf(parameterOf(request, "query", "_record")) : undefined;
  return { resourceType, id, recordId };
}

function hasQuery({ query }: FastifyRequest, name: string): boolean {
  return typeof query === "object" && query !== null && name in query;
}

/** Where a section can be read; a de-identified one has no id, so its record-local path stands there, which resolves its references. */
function fullUrlOf(service: Service, database: MedicalDatabase, { record }: ReadRecord, section: Served): string {
  const base = fhirBaseOf(service, database);
  if (section.kind === LeafKind.Deidentified) return `${base}/Bundle/${fhirIdOf(record.id)}/${section.path}`;
  const resource: unknown = JSON.parse(Buffer.from(section.bytes).toString());
  return `${base}/${stringIn(resource, "resourceType")}/${stringIn(resource, "id")}`;
}
