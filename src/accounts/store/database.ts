import { closeSync, openSync } from "node:fs";
import { resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StoreDamaged, StoreUnavailable } from "./errors.js";

// Marks the file as ours ("HCAC") in SQLite's own header.
const APPLICATION_ID = 0x48434143;
const FORMAT = 1;
const BUSY_TIMEOUT_MS = 10_000;
const RETRY_MS = 10;

// An index column is a blind index; `sealed` is an encrypted payload. The primary keys make it impossible to allot an
// index, a wallet or a branch twice, whoever writes.
const TABLES = `
  CREATE TABLE header (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    salt BLOB, cost INTEGER, block_size INTEGER, parallelization INTEGER,
    sealed_keys BLOB NOT NULL
  ) STRICT;
  CREATE TABLE accounts (
    identity_index BLOB PRIMARY KEY,
    branch_index BLOB UNIQUE,
    sealed BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE wallets (
    identity_index BLOB NOT NULL REFERENCES accounts,
    position INTEGER NOT NULL,
    wallet_index BLOB NOT NULL UNIQUE,
    sealed BLOB NOT NULL,
    PRIMARY KEY (identity_index, position)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE certificates (
    number INTEGER PRIMARY KEY,
    serial_index BLOB NOT NULL UNIQUE,
    wallet_index BLOB NOT NULL REFERENCES wallets (wallet_index),
    sealed BLOB NOT NULL
  ) STRICT;
  CREATE INDEX certificates_by_wallet ON certificates (wallet_index);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${FORMAT};
`;

/**
 * Opens the file of a store, or makes an empty one that only this user can read. A committed transaction survives the
 * loss of power.
 *
 * @throws {StoreUnavailable} if the file cannot be opened, {@link StoreDamaged} if it is something else than a store;
 * it is not changed then.
 */
export function openDatabase(path: string): DatabaseSync {
  // Made absolute, because SQLite takes ":memory:" and "file:" for something else than a file's name.
  const file = resolve(path);
  return translatingErrors(() => {
    makeFile(file);
    const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
    try {
      inTransaction(database, "DEFERRED", () => hasTables(database));
      useWriteAheadLog(database);
      database.exec("PRAGMA synchronous = FULL");
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

function makeFile(file: string): void {
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    // An existing file is not even opened here: closing it would drop the locks that SQLite holds on it in this process.
    if (!(isSystemError(error) && error.code === "EEXIST")) throw error;
  }
}

/** Two processes that make the same file at once get in each other's way here, and SQLite does not wait for this by itself. */
function useWriteAheadLog(database: DatabaseSync): void {
  const deadline = Date.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      database.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      if (!isSystemError(error) || kindOf(error) !== SQLITE_BUSY || Date.now() > deadline) throw error;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
  }
}

/**
 * Whether the tables exist; if not, the file is empty. Asks several things, so it belongs in a transaction.
 *
 * @throws {StoreDamaged} if the file belongs to something else, or to a format that this version does not know.
 */
export function hasTables(database: DatabaseSync): boolean {
  const application = pragma(database, "application_id");
  const format = pragma(database, "user_version");
  if (application === APPLICATION_ID && format === FORMAT) return true;
  const objects = database.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get();
  if (application !== 0 || format !== 0 || objects !== undefined) {
    throw new StoreDamaged("not a store of accounts, or of another version");
  }
  return false;
}

export function createTables(database: DatabaseSync): void {
  database.exec(TABLES);
}

/**
 * Does the work in one transaction: all of it happens, or nothing.
 *
 * @param mode IMMEDIATE for work that writes: what it read before cannot change under it. DEFERRED for work that reads.
 * @throws what `work` throws, {@link StoreUnavailable} or {@link StoreDamaged}.
 */
export function inTransaction<T>(database: DatabaseSync, mode: "IMMEDIATE" | "DEFERRED", work: () => T): T {
  return translatingErrors(() => {
    database.exec(`BEGIN ${mode}`);
    try {
      const result = work();
      database.exec("COMMIT");
      return result;
    } finally {
      if (database.isTransaction) database.exec("ROLLBACK");
    }
  });
}

function pragma(database: DatabaseSync, name: string): unknown {
  return database.prepare(`PRAGMA ${name}`).get()?.[name];
}

const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_CONSTRAINT = 19;
const SQLITE_NOTADB = 26;

function translatingErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const isDamage = [SQLITE_CORRUPT, SQLITE_CONSTRAINT, SQLITE_NOTADB].includes(kindOf(error));
    throw isDamage
      ? new StoreDamaged(error.message, { cause: error })
      : new StoreUnavailable(error.message, { cause: error });
  }
}

/** SQLite's code of an error, without the details in its higher bytes. */
function kindOf({ errcode = 0 }: { errcode?: number }): number {
  return errcode & 0xff;
}

/** An error of SQLite, of the file system, or of a database that was closed. */
function isSystemError(error: unknown): error is Error & { code?: unknown; errcode?: number } {
  if (!(error instanceof Error)) return false;
  return "errcode" in error || "syscall" in error || ("code" in error && error.code === "ERR_INVALID_STATE");
}
