import { purposeOfUseSystem } from "../src/records/purposeOfUse.js";
import type { Session } from "./login.js";

/** What was done, as FHIR's restful-interaction names it. */
export type Interaction = "read" | "transaction" | "operation" | "delete";

/** How it ended: granted, refused by the chain or the rules, or failed because what is stored is damaged. */
export type Outcome = "granted" | "refused" | "failed";

/** One access, granted or not. */
export interface AccessReport {
  readonly interaction: Interaction;
  /** Who, and for what; left out for what the operator does to the file itself. */
  readonly session?: Session;
  readonly outcome: Outcome;
  /** Why not, such as `NoConsent`; empty when granted. */
  readonly reason?: string;
  /** The records concerned. */
  readonly records: readonly string[];
  /** The order concerned, see `orderText`. */
  readonly order?: string;
  /** What else there is to say: leaf kind, classes, path. Nothing of the content. */
  readonly details?: Readonly<Record<string, string>>;
}

/** A FHIR R4 AuditEvent. */
export type AuditEvent = ReturnType<typeof auditEventOf>;

const WALLET_SYSTEM = "urn:healthchain:wallet";
const RECORD_SYSTEM = "urn:healthchain:record";
const ORDER_SYSTEM = "urn:healthchain:order";
const INSTITUTION_SYSTEM = "urn:healthchain:institution";

const ACTIONS = { read: "R", transaction: "C", operation: "E", delete: "D" } as const;
const OUTCOMES = { granted: "0", refused: "4", failed: "8" } as const;

/** The AuditEvent of an access to the database of institution `institution`. It names wallets, never people. */
export function auditEventOf(report: AccessReport, institution: number, now: Date) {
  const { interaction, session, outcome, reason, records, order, details = {} } = report;
  const purpose = session?.purpose ?? "HSYSADMIN";
  const observer = { identifier: { system: INSTITUTION_SYSTEM, value: String(institution) } };
  const who = session === undefined ? observer : { identifier: { system: WALLET_SYSTEM, value: session.wallet } };
  const detail = Object.entries(details).map(([type, valueString]) => ({ type, valueString }));
  const concerned = [
    ...(order === undefined ? [] : [{ system: ORDER_SYSTEM, value: order }]),
    ...records.map((value) => ({ system: RECORD_SYSTEM, value })),
  ];
  const entity = concerned.map((identifier) => ({ what: { identifier }, ...(detail.length > 0 ? { detail } : {}) }));
  return {
    resourceType: "AuditEvent",
    type: { system: "http://terminology.hl7.org/CodeSystem/audit-event-type", code: "rest" },
    subtype: [{ system: "http://hl7.org/fhir/restful-interaction", code: interaction }],
    action: ACTIONS[interaction],
    recorded: now.toISOString(),
    outcome: OUTCOMES[outcome],
    ...(reason === undefined ? {} : { outcomeDesc: reason }),
    purposeOfEvent: [{ coding: [{ system: purposeOfUseSystem, code: purpose }] }],
    agent: [{ who, requestor: true }],
    source: { observer },
    ...(entity.length > 0 ? { entity } : {}),
  } as const;
}
