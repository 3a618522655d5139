import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

const SQLITE_BUSY = 5;

/**
 * Takes a file for this process alone, until `release` or its end, however it ends: the lock is the operating system's, so
 * that a killed process leaves none behind. Node itself offers no such lock; SQLite does, on an empty database.
 *
 * @returns how to release it; undefined if another process, or this one, holds the file.
 * @throws what the file system throws.
 */
export function takeExclusively(file: string): (() => void) | undefined {
  makeFile(file);
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
    return () => database.close();
  } catch (error) {
    database.close();
    if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY) return undefined;
    throw error;
  }
}

/** An existing file is not opened here: closing it again would drop the locks that this process has on it. */
function makeFile(file: string): void {
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}
