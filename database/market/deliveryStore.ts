import { randomBytes } from "node:crypto";
import type { Manifest, ManifestLeaf } from "../../src/market/manifest.js";
import { type OrderPlace, orderText } from "../../src/market/seal.js";
import type { DeliveredRecordTable, DeliveryTable, Storage } from "../storage/schema.js";

/** A delivery that is complete and stored. */
export interface StoredDelivery {
  readonly attempt: string;
  readonly manifestRoot: string;
  readonly delivered: number;
  /** In seconds since 1970. */
  readonly exportedAt: number;
}

/** One of its records, still sealed. */
export type StoredRecord = Omit<DeliveredRecordTable, "attempt">;

const PROOF_PAGE = 500;

/** The complete delivery of an order, if there is one. */
export async function findDelivery(storage: Storage, order: OrderPlace): Promise<StoredDelivery | undefined> {
  const row = await attemptsOf(storage, order).where("manifest_root", "is not", null).selectAll().executeTakeFirst();
  return row && deliveryOf(row);
}

/** Begins a preparation. What is stored for it counts only once {@link completeDelivery} is through. */
export async function beginDelivery(storage: Storage, order: OrderPlace, exportedAt: number): Promise<string> {
  const attempt = randomBytes(16).toString("hex");
  const row = { attempt, order_text: orderText(order), exported_at: exportedAt, manifest_root: null, delivered: 0 };
  await storage.insertInto("deliveries").values(row).execute();
  return attempt;
}

/** Stores one record of a preparation. */
export async function keepDelivered(storage: Storage, row: Omit<DeliveredRecordTable, "proof">): Promise<void> {
  await storage
    .insertInto("delivered_records")
    .values({ ...row, proof: null })
    .execute();
}

/**
 * Makes a preparation the order's delivery. If another one was complete first, that one stays. All others of the order, also those that
 * were broken off, are deleted.
 *
 * @returns the order's delivery
 */
export async function completeDelivery(
  storage: Storage,
  order: OrderPlace,
  attempt: string,
  leaves: readonly ManifestLeaf[],
  manifest: Manifest,
): Promise<StoredDelivery> {
  await keepProofs(storage, attempt, leaves, manifest);
  return storage.transaction().execute(async (transaction) => {
    const first = await findDelivery(transaction, order);
    const delivery = first ?? (await markComplete(transaction, attempt, leaves.length, manifest));
    await removeFound(transaction, attemptsOf(transaction, order).where("attempt", "!=", delivery.attempt));
    // Whoever was first deleted this one, but not the records that were stored for it since.
    if (first !== undefined) await removeAttempts(transaction, [attempt]);
    return delivery;
  });
}

async function markComplete(
  transaction: Storage,
  attempt: string,
  delivered: number,
  { root }: Manifest,
): Promise<StoredDelivery> {
  const complete = { manifest_root: root, delivered };
  const marked = transaction.updateTable("deliveries").set(complete).where("attempt", "=", attempt);
  return deliveryOf(await marked.returningAll().executeTakeFirstOrThrow());
}

/** In pages: ten thousand proofs take seconds, and others write to the file, too. */
async function keepProofs(
  storage: Storage,
  attempt: string,
  leaves: readonly ManifestLeaf[],
  manifest: Manifest,
): Promise<void> {
  for (let first = 0; first < leaves.length; first += PROOF_PAGE) {
    const proofs = leaves.slice(first, first + PROOF_PAGE).map((leaf) => JSON.stringify(manifest.proof(leaf)));
    await storage.transaction().execute(async (transaction) => {
      for (const [index, proof] of proofs.entries()) {
        const row = transaction.updateTable("delivered_records").set({ proof }).where("attempt", "=", attempt);
        await row.where("position", "=", first + index).execute();
      }
    });
  }
}

/**
 * Deletes what was prepared for an order, complete or broken off, with consents checked before a time.
 *
 * @param time in seconds since 1970; without it all is deleted
 */
export async function discardDeliveries(
  storage: Storage,
  order: OrderPlace,
  time = Number.MAX_SAFE_INTEGER,
): Promise<void> {
  await storage.transaction().execute(async (transaction) => {
    await removeFound(transaction, attemptsOf(transaction, order).where("exported_at", "<", time));
  });
}

/** Deletes a preparation that comes to nothing. */
export async function discardAttempt(storage: Storage, attempt: string): Promise<void> {
  await storage.transaction().execute((transaction) => removeAttempts(transaction, [attempt]));
}

/** Records of a complete delivery from position `first` on, at most `limit`. */
export function deliveredRecords(
  storage: Storage,
  attempt: string,
  first: number,
  limit: number,
): Promise<StoredRecord[]> {
  return storage
    .selectFrom("delivered_records")
    .selectAll()
    .where("attempt", "=", attempt)
    .where("position", ">=", first)
    .orderBy("position")
    .limit(limit)
    .execute();
}

/** The ids of these records. */
export async function deliveredIds(storage: Storage, attempt: string, first: number, limit: number): Promise<string[]> {
  const all = storage.selectFrom("delivered_records").select("record_id").where("attempt", "=", attempt);
  const rows = await all.where("position", ">=", first).orderBy("position").limit(limit).execute();
  return rows.map(({ record_id }) => record_id);
}

/** The leaves of a complete delivery. */
export async function deliveredLeaves(storage: Storage, attempt: string): Promise<ManifestLeaf[]> {
  const rows = await storage
    .selectFrom("delivered_records")
    .select(["record_id", "grant_key", "ciphertext_hash", "key_hash"])
    .where("attempt", "=", attempt)
    .orderBy("position")
    .execute();
  return rows.map(leafOf);
}

/** The manifest's leaf of a stored record. */
export function leafOf(
  row: Pick<StoredRecord, "record_id" | "grant_key" | "ciphertext_hash" | "key_hash">,
): ManifestLeaf {
  const { record_id, grant_key, ciphertext_hash, key_hash } = row;
  return { recordId: record_id, key: grant_key, ciphertextHash: ciphertext_hash, keyHash: key_hash };
}

function attemptsOf(storage: Storage, order: OrderPlace) {
  return storage.selectFrom("deliveries").where("order_text", "=", orderText(order));
}

async function removeFound(transaction: Storage, found: ReturnType<typeof attemptsOf>): Promise<void> {
  const attempts = await found.select("attempt").execute();
  await removeAttempts(
    transaction,
    attempts.map(({ attempt }) => attempt),
  );
}

async function removeAttempts(transaction: Storage, attempts: readonly string[]): Promise<void> {
  if (attempts.length === 0) return;
  await transaction.deleteFrom("delivered_records").where("attempt", "in", attempts).execute();
  await transaction.deleteFrom("deliveries").where("attempt", "in", attempts).execute();
}

function deliveryOf({ attempt, manifest_root, delivered, exported_at }: DeliveryTable): StoredDelivery {
  return { attempt, manifestRoot: manifest_root ?? "", delivered, exportedAt: exported_at };
}
