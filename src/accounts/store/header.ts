import type { DatabaseSync } from "node:sqlite";
import { createTables, hasTables, inTransaction } from "./database.js";
import { StoreDamaged } from "./errors.js";
import { type KeyHeader, newKeyHeader, type StoreKeys, type StoreSecret, unlockKeys } from "./key.js";

/**
 * The keys of a store; a file that is still empty becomes a store with fresh keys first.
 *
 * @throws {StoreLocked} if the secret is not the store's, {@link StoreDamaged} if the header is missing or cannot be one.
 */
export function openKeys(database: DatabaseSync, secret: StoreSecret): StoreKeys {
  const isNew = inTransaction(database, "DEFERRED", () => !hasTables(database));
  if (isNew) inTransaction(database, "IMMEDIATE", () => initialise(database, secret));
  const header = inTransaction(database, "DEFERRED", () => readHeader(database));
  if (header === undefined) throw new StoreDamaged("its header is missing");
  return unlockKeys(secret, header);
}

function initialise(database: DatabaseSync, secret: StoreSecret): void {
  // Another process may have been faster.
  if (hasTables(database)) return;
  createTables(database);
  const { salt, cost, blockSize, parallelization, sealedKeys } = newKeyHeader(secret);
  database
    .prepare("INSERT INTO header VALUES (1, ?, ?, ?, ?, ?)")
    .run(salt, cost, blockSize, parallelization, sealedKeys);
}

function readHeader(database: DatabaseSync): KeyHeader | undefined {
  const query = `SELECT salt, cost, block_size AS blockSize, parallelization, sealed_keys AS sealedKeys FROM header`;
  return database.prepare(query).get() as KeyHeader | undefined;
}
