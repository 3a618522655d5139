import { randomBytes } from "node:crypto";
import { type DeliveryPublicKey, isDeliverySuite } from "../../src/market/hpke.js";
import type { ExportTable, Storage } from "../storage/schema.js";

/** What a buyer asked for. */
export interface ExportRequest {
  readonly orderId: number;
  /** The buyer's wallet. */
  readonly wallet: string;
  /** To what content keys are wrapped; without it none is handed out. */
  readonly key: DeliveryPublicKey | undefined;
  /** The address that was asked for. */
  readonly requestUrl: string;
}

/** Thrown for an export that nobody asked for, that was deleted, or that is too old. */
export class ExportNotFound extends Error {
  override readonly name = "ExportNotFound";

  constructor() {
    super("No such export of yours is here: ask for one with $export");
  }
}

/** How long an export can be used, in milliseconds. */
const LIFETIME = 24 * 3_600_000;
const OPEN_AT_ONCE = 16;

/**
 * Keeps a request; it survives a restart. A wallet has at most 16 of one order: the oldest make room for it, for a buyer whose downloads broke
 * off has no other way to them.
 *
 * @returns its id
 */
export async function keepExport(storage: Storage, request: ExportRequest, now: Date): Promise<string> {
  const { orderId, wallet, key, requestUrl } = request;
  const export_id = randomBytes(16).toString("hex");
  await storage.transaction().execute(async (transaction) => {
    await transaction.deleteFrom("exports").where("expires_at", "<=", now.getTime()).execute();
    const open = transaction.selectFrom("exports").select("export_id").where("order_id", "=", orderId);
    const newestFirst = await open.where("wallet", "=", wallet).orderBy("expires_at", "desc").execute();
    for (const oldest of newestFirst.slice(OPEN_AT_ONCE - 1)) await removeExport(transaction, oldest.export_id, wallet);
    const row = { export_id, order_id: orderId, wallet, request_url: requestUrl };
    const wrapping = { suite: key?.suite ?? null, public_key: key?.publicKey ?? null };
    await transaction
      .insertInto("exports")
      .values({ ...row, ...wrapping, expires_at: now.getTime() + LIFETIME })
      .execute();
  });
  return export_id;
}

/**
 * A wallet's request.
 *
 * @throws ExportNotFound
 */
export async function findExport(storage: Storage, id: string, wallet: string, now: Date): Promise<ExportRequest> {
  const own = storage.selectFrom("exports").selectAll().where("export_id", "=", id).where("wallet", "=", wallet);
  const row = await own.where("expires_at", ">", now.getTime()).executeTakeFirst();
  if (row === undefined) throw new ExportNotFound();
  return requestOf(row);
}

/** Forgets a wallet's request. */
export async function removeExport(storage: Storage, id: string, wallet: string): Promise<void> {
  await storage.deleteFrom("exports").where("export_id", "=", id).where("wallet", "=", wallet).execute();
}

function requestOf({ order_id, wallet, suite, public_key, request_url }: ExportTable): ExportRequest {
  const key =
    suite !== null && public_key !== null && isDeliverySuite(suite) ? { suite, publicKey: public_key } : undefined;
  return { orderId: order_id, wallet, key, requestUrl: request_url };
}
