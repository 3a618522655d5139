import type { Kysely } from "kysely";
import { type Migration, type MigrationProvider, Migrator } from "kysely/migration";
import { StorageUnusable } from "./errors.js";
import type { Storage } from "./schema.js";

/**
 * Makes the tables, or brings them up to date. Doing so again changes nothing.
 *
 * @param file for the error's message
 * @throws StorageUnusable
 */
export async function migrate(storage: Storage, file: string): Promise<void> {
  const { error } = await new Migrator({ db: storage, provider }).migrateToLatest();
  if (error !== undefined) throw error instanceof StorageUnusable ? error : new StorageUnusable(file, error);
}

const first: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db;
    await schema
      .createTable("institution")
      .addColumn("number", "integer", (column) => column.primaryKey())
      .addColumn("wrapped_keys", "blob", (column) => column.notNull())
      .execute();
    await createRecordTables(db);
    await schema
      .createTable("directory")
      .addColumn("entry_index", "blob", (column) => column.primaryKey())
      .addColumn("sealed", "blob", (column) => column.notNull())
      .execute();
    await schema
      .createTable("directory_identifiers")
      .addColumn("identifier_index", "blob", (column) => column.notNull())
      .addColumn("entry_index", "blob", (column) => column.notNull().references("directory.entry_index"))
      .addPrimaryKeyConstraint("directory_identifiers_key", ["identifier_index", "entry_index"])
      .execute();
    await schema
      .createTable("audit_events")
      .addColumn("sequence", "integer", (column) => column.primaryKey())
      .addColumn("event", "text", (column) => column.notNull())
      .addColumn("previous", "blob", (column) => column.notNull())
      .addColumn("hash", "blob", (column) => column.notNull())
      .execute();
    await createLoginTables(db);
  },
};

async function createRecordTables({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable("records")
    .addColumn("sequence", "integer", (column) => column.primaryKey().autoIncrement())
    .addColumn("record_id", "text", (column) => column.notNull().unique())
    .addColumn("encounter_index", "blob", (column) => column.notNull())
    .addColumn("content_index", "blob", (column) => column.notNull().unique())
    .addColumn("chain_id", "text", (column) => column.notNull())
    .addColumn("registry", "text", (column) => column.notNull())
    .addColumn("patient", "text", (column) => column.notNull())
    .addColumn("doctor", "integer", (column) => column.notNull())
    .addColumn("recorded_at", "integer", (column) => column.notNull())
    .addColumn("data_class", "integer", (column) => column.notNull())
    .addColumn("sections_root", "text", (column) => column.notNull())
    .addColumn("sealed_salt", "blob", (column) => column.notNull())
    .execute();
  await schema.createIndex("records_by_encounter").on("records").column("encounter_index").execute();
  await schema
    .createTable("data_keys")
    .addColumn("record_id", "text", (column) => column.primaryKey().references("records.record_id"))
    .addColumn("wrapped", "blob", (column) => column.notNull())
    .execute();
  await schema
    .createTable("sections")
    .addColumn("record_id", "text", (column) => column.notNull().references("records.record_id"))
    .addColumn("position", "integer", (column) => column.notNull())
    .addColumn("path", "text", (column) => column.notNull())
    .addColumn("data_class", "integer", (column) => column.notNull())
    .addColumn("section_index", "blob", (column) => column.notNull())
    .addPrimaryKeyConstraint("sections_key", ["record_id", "position"])
    .execute();
  await schema.createIndex("sections_by_index").on("sections").column("section_index").execute();
  await schema
    .createTable("leaves")
    .addColumn("record_id", "text", (column) => column.notNull().references("records.record_id"))
    .addColumn("position", "integer", (column) => column.notNull())
    .addColumn("kind", "integer", (column) => column.notNull())
    .addColumn("leaf", "text", (column) => column.notNull())
    .addColumn("sealed", "blob", (column) => column.notNull())
    .addPrimaryKeyConstraint("leaves_key", ["record_id", "position", "kind"])
    .execute();
  await schema
    .createTable("signing_requests")
    .addColumn("record_id", "text", (column) => column.primaryKey().references("records.record_id"))
    .addColumn("patient_wallet", "text", (column) => column.notNull())
    .addColumn("doctor_wallet", "text", (column) => column.notNull())
    .addColumn("supersedes", "text", (column) => column.notNull())
    .addColumn("deadline", "integer", (column) => column.notNull())
    .addColumn("patient_signature", "text")
    .addColumn("doctor_signature", "text")
    .addColumn("closed", "text")
    .execute();
  await schema.createIndex("requests_by_patient").on("signing_requests").column("patient_wallet").execute();
  await schema.createIndex("requests_by_doctor").on("signing_requests").column("doctor_wallet").execute();
}

async function createLoginTables({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable("nonces")
    .addColumn("nonce_hash", "blob", (column) => column.primaryKey())
    .addColumn("expires_at", "integer", (column) => column.notNull())
    .execute();
  await schema
    .createTable("sessions")
    .addColumn("token_hash", "blob", (column) => column.primaryKey())
    .addColumn("wallet", "text", (column) => column.notNull())
    .addColumn("purpose", "text", (column) => column.notNull())
    .addColumn("expires_at", "integer", (column) => column.notNull())
    .execute();
}

const deliveries: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable("deliveries")
      .addColumn("attempt", "text", (column) => column.primaryKey())
      .addColumn("order_text", "text", (column) => column.notNull())
      .addColumn("exported_at", "integer", (column) => column.notNull())
      .addColumn("manifest_root", "text")
      .addColumn("delivered", "integer", (column) => column.notNull())
      .execute();
    await schema.createIndex("deliveries_by_order").on("deliveries").column("order_text").execute();
    await schema
      .createTable("delivered_records")
      .addColumn("attempt", "text", (column) => column.notNull())
      .addColumn("position", "integer", (column) => column.notNull())
      .addColumn("record_id", "text", (column) => column.notNull().references("records.record_id"))
      .addColumn("grant_key", "text", (column) => column.notNull())
      .addColumn("ciphertext_hash", "text", (column) => column.notNull())
      .addColumn("key_hash", "text", (column) => column.notNull())
      .addColumn("proof", "text")
      .addColumn("ciphertext", "blob", (column) => column.notNull())
      .addColumn("sealed_key", "blob", (column) => column.notNull())
      .addPrimaryKeyConstraint("delivered_records_key", ["attempt", "position"])
      .execute();
    await schema
      .createTable("exports")
      .addColumn("export_id", "text", (column) => column.primaryKey())
      .addColumn("order_id", "integer", (column) => column.notNull())
      .addColumn("wallet", "text", (column) => column.notNull())
      .addColumn("suite", "text")
      .addColumn("public_key", "blob")
      .addColumn("request_url", "text", (column) => column.notNull())
      .addColumn("expires_at", "integer", (column) => column.notNull())
      .execute();
  },
};

// Kysely runs them in the order of their names; what was once released is never edited.
const provider: MigrationProvider = {
  getMigrations: async () => ({ "0001-first": first, "0002-deliveries": deliveries }),
};
