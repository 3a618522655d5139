/** The codes of FHIR's issue-type that this service answers with. */
export type IssueCode =
  | "invalid"
  | "structure"
  | "required"
  | "business-rule"
  | "conflict"
  | "duplicate"
  | "deleted"
  | "expired"
  | "exception"
  | "forbidden"
  | "informational"
  | "login"
  | "multiple-matches"
  | "not-found"
  | "not-supported"
  | "suppressed"
  | "throttled"
  | "too-long"
  | "transient";

/** Where the reasons of refusals are defined: the names of `Decision` in `IConsentRegistry`, and those of refused logins. */
export const DECISION_SYSTEM = "urn:healthchain:decision";

/** What a refusal says beside its text. */
export interface RefusalDetails {
  /** Name of the decision on chain, such as `NoConsent`, or why a login was refused, such as `not-certified`. */
  readonly decision?: string;
  /** FHIRPath of what is wrong with the input. */
  readonly expression?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** Thrown to answer a request with an OperationOutcome. The message says what the client can do. */
export class RequestRefused extends Error {
  override readonly name = "RequestRefused";
  /** HTTP status, 400 to 599. */
  readonly status: number;
  readonly code: IssueCode;
  readonly details: RefusalDetails;

  constructor(status: number, code: IssueCode, text: string, details: RefusalDetails = {}) {
    super(text, { cause: details.cause });
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** A FHIR R4 OperationOutcome with one issue. */
export interface OperationOutcome {
  readonly resourceType: "OperationOutcome";
  readonly issue: readonly [
    {
      readonly severity: "error" | "information";
      readonly code: IssueCode;
      readonly details: { readonly coding?: readonly { system: string; code: string }[]; readonly text: string };
      readonly expression?: readonly string[];
    },
  ];
}

/** The OperationOutcome of a refusal. */
export function outcomeOf({ code, message, details }: RequestRefused): OperationOutcome {
  const { decision, expression } = details;
  const coding = decision === undefined ? {} : { coding: [{ system: DECISION_SYSTEM, code: decision }] };
  const where = expression === undefined ? {} : { expression: [expression] };
  const issue = { severity: "error" as const, code, details: { ...coding, text: message }, ...where };
  return { resourceType: "OperationOutcome", issue: [issue] };
}

/** An OperationOutcome that tells something and refuses nothing. */
export function information(text: string): OperationOutcome {
  return {
    resourceType: "OperationOutcome",
    issue: [{ severity: "information", code: "informational", details: { text } }],
  };
}
