import { closeSync, openSync } from "node:fs";
import { resolve } from "node:path";
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

const IN_MEMORY = ":memory:";
const BUSY_TIMEOUT_MS = 5_000;
// Marks the file as ours ("HCMD") in SQLite's own header.
const APPLICATION_ID = 0x48434d44;

/**
 * Kysely's SQLite dialect over Node's own `node:sqlite`. A committed transaction survives the loss of power.
 *
 * @param file path, or `:memory:`; a new file is for its owner only, and so are the two that SQLite keeps beside it
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
    const path = file === IN_MEMORY ? file : made(file);
    database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
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

/** The file's absolute path, at which an empty one is made if there is none: SQLite would make one that everybody can read. */
function made(file: string): string {
  const path = resolve(file);
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    // An existing file is not even opened: closing it would drop the locks that SQLite holds on it in this process.
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  return path;
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
