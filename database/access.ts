import { LeafKind, type LeafKindCode } from "../src/records/index.js";
import type { PurposeOfUseCode } from "../src/records/purposeOfUse.js";
import { appendAuditEvent } from "./audit.js";
import { type AccessReport, auditEventOf, type Interaction } from "./auditEvent.js";
import { ChainUnavailable, type ChainView } from "./chainView.js";
import { AccessRefused, permittedClasses, requireCertified } from "./decision.js";
import { RecordShredded, SealBroken } from "./envelope.js";
import { KeyUnwrapFailed } from "./keyring.js";
import type { Session } from "./login.js";
import type { MedicalDatabase } from "./medicalDatabase.js";
import { leafName } from "./proofExtensions.js";
import {
  findSections,
  type OpenRecord,
  openRecord,
  type Served,
  type StoredSection,
  sectionsOf,
} from "./recordStore.js";

/** Who asks whom, when. */
export interface AccessContext {
  readonly database: MedicalDatabase;
  readonly chain: ChainView;
  readonly session: Session;
  readonly now: Date;
}

/** Thrown when de-identified data is all that a purpose may see. */
export class FullLeafRefused extends Error {
  override readonly name = "FullLeafRefused";

  constructor(purpose: PurposeOfUseCode) {
    super(`For ${purpose} only de-identified sections are served: leave _leaf out, or log in for another purpose`);
  }
}

/** Thrown when somebody else does what only the institution's own wallet may do. */
export class NotTheInstitution extends Error {
  override readonly name = "NotTheInstitution";

  constructor() {
    super("Only the institution's own wallet may do this: log in with the wallet that the account center names");
  }
}

const DEIDENTIFIED_ONLY: ReadonlySet<PurposeOfUseCode> = new Set(["HRESCH", "CLINTRCH", "DSRCH", "BIORCH", "HMARKT"]);

/**
 * The form in which sections are served: for research and the market the de-identified one only, for other purposes what is asked for,
 * full by default.
 *
 * @throws FullLeafRefused
 */
export function leafKindFor(purpose: PurposeOfUseCode, asked: LeafKindCode | undefined): LeafKindCode {
  if (!DEIDENTIFIED_ONLY.has(purpose)) return asked ?? LeafKind.Full;
  if (asked === LeafKind.Full) throw new FullLeafRefused(purpose);
  return LeafKind.Deidentified;
}

/** What is asked for: a record, or one resource, of which the record must be named if it stands in several. */
export type Target =
  | { readonly recordId: string }
  | { readonly resourceType: string; readonly id: string; readonly recordId: string | undefined };

/** What was read of a record. */
export interface ReadRecord {
  readonly record: OpenRecord;
  readonly served: readonly Served[];
  /** Whether there are sections that were not served. */
  readonly subset: boolean;
}

/** Thrown when a resource is not here, or has no de-identified form. */
export class SectionNotFound extends Error {
  override readonly name = "SectionNotFound";
}

/** Thrown when a resource stands in several records. Which ones is not said: it would link a patient's wallets. */
export class SectionAmbiguous extends Error {
  override readonly name = "SectionAmbiguous";

  constructor() {
    super("This resource stands in several records: name one with ?_record=");
  }
}

/**
 * Reads what the chain permits of a record, and appends the access to the audit chain before anything is returned.
 *
 * @param asked the form of the sections; by default what the purpose allows, see {@link leafKindFor}
 * @throws FullLeafRefused, AccessRefused, SectionNotFound, SectionAmbiguous, RecordShredded, SealBroken, KeyUnwrapFailed, ChainUnavailable
 */
export async function readRecord(
  context: AccessContext,
  target: Target,
  asked: LeafKindCode | undefined,
): Promise<ReadRecord> {
  const { chain, session, database, now } = context;
  const trail: Trail = { interaction: "read", records: [], details: {} };
  return audited(context, trail, async () => {
    const kind = leafKindFor(session.purpose, asked);
    trail.details.leaf = leafName(kind);
    const block = await chain.finalBlock(now);
    await requireCertified(chain, session, block);
    const { recordId, wanted } = await locate(database, target, trail);
    const classes = wanted.map(({ dataClass }) => dataClass);
    const permitted = await permittedClasses(chain, recordId, session, classes, block);
    const record = await openRecord(database, recordId);
    const served = record.serve(
      kind,
      wanted.filter(({ dataClass }) => permitted.has(dataClass)),
    );
    if ("resourceType" in target && served.length === 0) {
      throw new SectionNotFound("This resource has no de-identified form");
    }
    trail.details.dataClasses = [...new Set(served.map(({ dataClass }) => dataClass))].sort((a, b) => a - b).join(" ");
    return { record, served, subset: served.length < record.sections.length };
  });
}

async function locate(
  database: MedicalDatabase,
  target: Target,
  trail: Trail,
): Promise<{ recordId: string; wanted: readonly StoredSection[] }> {
  if (!("resourceType" in target)) {
    trail.records.push(target.recordId);
    const wanted = await sectionsOf(database, target.recordId);
    if (wanted.length === 0) throw new AccessRefused("RecordUnknown");
    return { recordId: target.recordId, wanted };
  }
  const [found, another] = await findSections(database, target.resourceType, target.id, target.recordId);
  if (found === undefined) {
    throw new SectionNotFound("No such resource is here; people, organizations and places need ?_record=");
  }
  if (another !== undefined) throw new SectionAmbiguous();
  trail.records.push(found.recordId);
  trail.details.path = found.path;
  return { recordId: found.recordId, wanted: [found] };
}

/** What the audit chain is to know of a piece of work; filled in while it goes on. */
export interface Trail {
  readonly interaction: Interaction;
  readonly records: string[];
  readonly order?: string;
  readonly details: Record<string, string>;
}

/** Does `work` and appends an event that says how it ended; the event is stored before the result is returned. */
export async function audited<T>(context: AccessContext, trail: Trail, work: () => Promise<T>): Promise<T> {
  const result = await auditRefusal(context, trail, work);
  await append(context, { ...trail, session: context.session, outcome: "granted" });
  return result;
}

/**
 * Does `work`, which appends its own event when it succeeds, and appends one when it does not. While the chain is down nothing is
 * decided, and nothing is appended.
 */
export async function auditRefusal<T>(context: AccessContext, trail: Trail, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ChainUnavailable)) {
      await append(context, { ...trail, session: context.session, ...endOf(error) });
    }
    throw error;
  }
}

async function append({ database, now }: AccessContext, report: AccessReport): Promise<void> {
  const event = auditEventOf(report, database.institution.number, now);
  await database.storage.transaction().execute((transaction) => appendAuditEvent(transaction, event));
}

function endOf(error: unknown): Pick<AccessReport, "outcome" | "reason"> {
  if (error instanceof AccessRefused) return { outcome: "refused", reason: error.decision };
  const damaged = [RecordShredded, SealBroken, KeyUnwrapFailed].some((kind) => error instanceof kind);
  return { outcome: damaged ? "failed" : "refused", reason: error instanceof Error ? error.name : "Error" };
}
