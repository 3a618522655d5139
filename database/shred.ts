import { sql } from "kysely";
import { appendAuditEvent } from "./audit.js";
import { auditEventOf } from "./auditEvent.js";
import type { MedicalDatabase } from "./medicalDatabase.js";
import { hasRecord } from "./recordStore.js";
import { closeRequest } from "./signingRequests.js";
import type { Storage } from "./storage/schema.js";

/** Thrown when a record that is to be shredded is not in the file. */
export class RecordNotStored extends Error {
  override readonly name = "RecordNotStored";

  constructor(id: string) {
    super(`This file has no record ${id}: check the id, and whose file it is`);
  }
}

/** Thrown when a record's key is deleted, but the file may still hold a copy of it. */
export class ShreddingIncomplete extends Error {
  override readonly name = "ShreddingIncomplete";

  constructor(id: string) {
    super(
      `Record ${id} can no longer be read, but a copy of its key is still in the write-ahead log, because another ` +
        "program reads the file: end that program, or wait for it, and shred the record again",
    );
  }
}

/**
 * Deletes a record's key: content and salts are gone for good, here and in every copy of the file made from now on. The access log says
 * so, and an open signing request is withdrawn. Doing so again logs nothing, and finishes what could not be finished before.
 *
 * @param id 32 bytes in hex
 * @throws RecordNotStored, ShreddingIncomplete
 */
export async function shredRecord(database: MedicalDatabase, id: string, now = new Date()): Promise<void> {
  if (!(await hasRecord(database, id))) throw new RecordNotStored(id);
  const { storage, institution } = database;
  await storage.transaction().execute(async (transaction) => {
    if (!(await deleteKey(transaction, id))) return;
    await closeRequest(transaction, id, "withdrawn");
    const report = { interaction: "delete", outcome: "granted", records: [id] } as const;
    await appendAuditEvent(transaction, auditEventOf(report, institution.number, now));
  });
  if (!(await emptyLog(storage))) throw new ShreddingIncomplete(id);
}

/** Whether there was a key. It is overwritten first: not every build of SQLite clears the place of what it deletes. */
async function deleteKey(transaction: Storage, id: string): Promise<boolean> {
  await transaction
    .updateTable("data_keys")
    .set({ wrapped: sql`zeroblob(length(wrapped))` })
    .where("record_id", "=", id)
    .execute();
  const deleted = await transaction.deleteFrom("data_keys").where("record_id", "=", id).executeTakeFirst();
  return deleted.numDeletedRows > 0n;
}

/** Moves the write-ahead log into the file and cuts it off, for it still holds the page as it was. False if a reader is in the way. */
async function emptyLog(storage: Storage): Promise<boolean> {
  const { rows } = await sql<{ busy: number }>`PRAGMA wal_checkpoint(TRUNCATE)`.execute(storage);
  return rows[0]?.busy === 0;
}
