import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type SqliteDatabase,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
  type SqliteStatement,
} from "kysely";
import { StorageUnusable } from "./errors.js";

const BUSY_TIMEOUT_MS = 5_000;
// Marks the file as ours ("HCMD") in SQLite's own header.
const APPLICATION_ID = 0x48434d44;

/**
 * Kysely's SQLite dialect over Node's own `node:sqlite`. A committed transaction survives the loss of power.
 *
 * @param file path, or `:memory:`
 * The first query throws StorageUnusable for a file that cannot be opened or is something else; it is not changed then.
 */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;

  constructor(file: string) {
    const config = { database: async () => openFile(file) };
    super(config);
    this.#config = config;
  }

  override createDriver(): Driver {
    return new ImmediateSqliteDriver(this.#config);
  }
}

/** Takes the write lock at the start, so that what a transaction read first cannot change under it. */
class ImmediateSqliteDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }
}

function openFile(file: string): SqliteDatabase {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
    claim(database);
    // secure_delete overwrites what is deleted: a shredded key must not survive in a free page.
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON");
  } catch (error) {
    database?.close();
    throw new StorageUnusable(file, error);
  }
  const open = database;
  return { prepare: (sql) => statementOf(open, sql), close: () => open.close() };
}

/** Marks an empty file as ours, and refuses one that is somebody else's. */
function claim(database: DatabaseSync): void {
  const application = database.prepare("PRAGMA application_id").get()?.application_id;
  if (application === APPLICATION_ID) return;
  const objects = database.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get();
  if (application !== 0 || objects !== undefined) throw new Error("it belongs to another application");
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
}

function statementOf(database: DatabaseSync, sql: string): SqliteStatement {
  const statement = database.prepare(sql);
  const values = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[];
  return {
    // Kysely asks this to know whether rows come back; `node:sqlite` does not say it by that name.
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}
