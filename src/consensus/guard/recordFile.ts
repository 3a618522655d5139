import { TypedDataEncoder } from "ethers";
import type { TypedDomain } from "../../eip712.js";
import { readSignedProposal, readSignedVote } from "../readStatement.js";
import { isVote, type Proposal, type Signed, type Vote } from "../statement.js";
import { isSignedByItsSigner } from "../vote.js";
import { SigningGuardDamaged } from "./errors.js";
import { NOTHING_SIGNED, recordOf, type SigningRecord } from "./signingRecord.js";

/** Whose record a file holds, and where its statements count. */
export interface RecordOwner {
  readonly signer: string;
  readonly domain: TypedDomain;
}

const FORMAT = 1;

/** A record as the text of a file. */
export function recordText({ signer, domain }: RecordOwner, { last, lock }: SigningRecord): string {
  const content = { format: FORMAT, signer, domain: TypedDataEncoder.hashDomain({ ...domain }), last, lock };
  return `${JSON.stringify(content, (_, value) => value ?? null, 2)}\n`;
}

/**
 * The record in the text of a file. What was signed proves itself: each statement must bear the owner's signature.
 *
 * @param file its name, for the error's message.
 * @throws {SigningGuardDamaged} if the text is not what {@link recordText} gave for this owner.
 */
export function readRecord(text: string, owner: RecordOwner, file: string): SigningRecord {
  const content = parsed(text, file);
  const belongs =
    content.signer === owner.signer && content.domain === TypedDataEncoder.hashDomain({ ...owner.domain });
  if (content.format !== FORMAT) throw new SigningGuardDamaged(file, "it is not a guard's, or of another version");
  if (!belongs) throw new SigningGuardDamaged(file, "it belongs to another validator or another chain");
  const record = {
    last: statementIn(content.last, owner, file),
    lock: voteIn(content.lock, owner, file),
  };
  requireConsistent(record, file);
  return record;
}

function parsed(text: string, file: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === "object" && json !== null) return json as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new SigningGuardDamaged(file, "it is torn", { cause: error });
  }
  throw new SigningGuardDamaged(file, "it holds no record");
}

function statementIn(json: unknown, owner: RecordOwner, file: string): Signed<Proposal | Vote> | undefined {
  if (json === null) return undefined;
  try {
    const isOfVote = isVote(Object(Object(json).statement));
    const signed = isOfVote ? readSignedVote(json) : readSignedProposal(json);
    if (signed.signer === owner.signer && isSignedByItsSigner(owner.domain, signed)) return signed;
  } catch (error) {
    throw new SigningGuardDamaged(file, "a statement in it is malformed", { cause: error });
  }
  throw new SigningGuardDamaged(file, "a signature in it is not this validator's");
}

function voteIn(json: unknown, owner: RecordOwner, file: string): Signed<Vote> | undefined {
  const signed = statementIn(json, owner, file);
  if (signed === undefined) return undefined;
  const { statement } = signed;
  if (!isVote(statement)) throw new SigningGuardDamaged(file, "its lock is no vote");
  return { ...signed, statement };
}

/** The lock must be one, not later than the last statement, and of its height; a last statement that locks is the lock. */
function requireConsistent({ last, lock }: SigningRecord, file: string): void {
  const ofLast = last === undefined ? NOTHING_SIGNED : recordOf(NOTHING_SIGNED, last);
  const isComplete = ofLast.lock === undefined || ofLast.lock.signature === lock?.signature;
  const fits =
    lock === undefined ||
    (recordOf(NOTHING_SIGNED, lock).lock !== undefined &&
      lock.statement.height === last?.statement.height &&
      lock.statement.round <= last.statement.round);
  if (!isComplete || !fits) throw new SigningGuardDamaged(file, "its lock does not fit what it signed last");
}
