import { createHash } from "node:crypto";
import type { AuditEvent } from "./auditEvent.js";
import type { Storage } from "./storage/schema.js";

/** Thrown when a row of the audit chain was changed, removed or put in. */
export class AuditChainBroken extends Error {
  override readonly name = "AuditChainBroken";
  /** Number of the first event that does not fit, from 1. */
  readonly sequence: number;

  constructor(sequence: number) {
    super(`The audit chain breaks at event ${sequence}: compare the file with a copy, somebody changed the log`);
    this.sequence = sequence;
  }
}

/** The state of an audit chain. Whoever keeps it can tell later that nothing before it was changed or cut off. */
export interface AuditHead {
  /** How many events there are. */
  readonly length: number;
  /** Hash of the last event, 32 bytes in hex without 0x. */
  readonly hash: string;
}

const PAGE = 1_000;

/** Before the first event there is nothing. */
const ORIGIN = new Uint8Array(32);

/**
 * Appends an event to the institution's audit chain.
 *
 * @param transaction the transaction in which that happens which the event tells of
 */
export async function appendAuditEvent(transaction: Storage, event: AuditEvent): Promise<void> {
  const last = await transaction
    .selectFrom("audit_events")
    .select(["sequence", "hash"])
    .orderBy("sequence", "desc")
    .limit(1)
    .executeTakeFirst();
  const sequence = (last?.sequence ?? 0) + 1;
  const previous = last?.hash ?? ORIGIN;
  const text = JSON.stringify(event);
  const row = { sequence, event: text, previous, hash: hashOf(sequence, previous, text) };
  await transaction.insertInto("audit_events").values(row).execute();
}

/**
 * Checks every link of the audit chain.
 *
 * @param known a head that was seen before; with it, also events cut off at the end are noticed
 * @returns the head now
 * @throws AuditChainBroken
 */
export async function verifyAuditChain(storage: Storage, known?: AuditHead): Promise<AuditHead> {
  let length = 0;
  let head: Uint8Array = ORIGIN;
  for (let full = true; full; ) {
    const page = storage.selectFrom("audit_events").selectAll().where("sequence", ">", length);
    const rows = await page.orderBy("sequence").limit(PAGE).execute();
    for (const { sequence, event, previous, hash } of rows) {
      const fits = sequence === length + 1 && same(previous, head) && same(hash, hashOf(sequence, head, event));
      if (!fits) throw new AuditChainBroken(length + 1);
      length = sequence;
      head = hash;
      if (length === known?.length && hex(head) !== known.hash) throw new AuditChainBroken(length);
    }
    full = rows.length === PAGE;
  }
  if (known !== undefined && known.length > length) throw new AuditChainBroken(length + 1);
  return { length, hash: hex(head) };
}

/** The events from the number `first` on, at most `limit`, as they were appended. */
export async function auditEvents(storage: Storage, first = 1, limit = PAGE): Promise<AuditEvent[]> {
  const query = storage.selectFrom("audit_events").select("event").where("sequence", ">=", first);
  const rows = await query.orderBy("sequence").limit(limit).execute();
  return rows.map(({ event }) => JSON.parse(event) as AuditEvent);
}

function hashOf(sequence: number, previous: Uint8Array, event: string): Uint8Array {
  const place = Buffer.alloc(8);
  place.writeBigUInt64BE(BigInt(sequence));
  return createHash("sha256").update(previous).update(place).update(event).digest();
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.from(one).equals(other);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
