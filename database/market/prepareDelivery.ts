import { buildManifest, type ManifestLeaf } from "../../src/market/manifest.js";
import type { MarketOrder } from "../../src/market/order.js";
import { type OrderPlace, orderText, sealDelivery } from "../../src/market/seal.js";
import { purposeBits } from "../../src/records/purposeOfUse.js";
import type { ChainView, FinalBlock } from "../chainView.js";
import { RecordShredded } from "../envelope.js";
import type { MedicalDatabase } from "../medicalDatabase.js";
import { hasRecord, openRecord, openRecordKey } from "../recordStore.js";
import { turnstileOf } from "../turnstile.js";
import {
  beginDelivery,
  completeDelivery,
  deliveredLeaves,
  discardAttempt,
  discardDeliveries,
  findDelivery,
  keepDelivered,
  type StoredDelivery,
} from "./deliveryStore.js";
import { drawnWith, PlacementUnknown } from "./drawnRecords.js";
import { exportBundle } from "./exportBundle.js";
import { type DatasetOnChain, datasetAt, marketOf, orderAt, placementOf, placeOf } from "./orderOnChain.js";

/** What a delivery is prepared with. */
export interface DeliveryContext {
  readonly database: MedicalDatabase;
  readonly chain: ChainView;
  /** The present; the system's clock by default. */
  readonly now?: Date;
}

/** A delivery that is ready: what the provider sends to `DataMarket.deliver`. */
export interface PreparedDelivery {
  readonly orderId: number;
  /** 32 bytes in hex. */
  readonly manifestRoot: string;
  /** Records, 1 to what was ordered. */
  readonly delivered: number;
  /** When the consents were checked, in seconds since 1970; the market takes a delivery for an hour from then. */
  readonly exportedAt: number;
  /** In the order of the draw. */
  readonly leaves: readonly ManifestLeaf[];
}

/** Thrown for an order that cannot be delivered from here. */
export class OrderUndeliverable extends Error {
  override readonly name = "OrderUndeliverable";

  constructor(orderId: number, reason: string) {
    super(`Order ${orderId} cannot be delivered from here: ${reason}`);
  }
}

/** Thrown when no record of an order can be delivered any more. */
export class NothingToDeliver extends Error {
  override readonly name = "NothingToDeliver";

  constructor(orderId: number) {
    super(`No record of order ${orderId} has consent and a de-identified form any more: refund the order`);
  }
}

/** How old the check of the consents may be when the market takes a delivery, in seconds. */
const EXPORT_AGE = 3_600;
/** How many consents are asked for at once. */
const PAGE = 32;

/**
 * Prepares an order's delivery: draws records of the ordered version in an order that nobody chooses, leaves out those whose consent does
 * not hold at the newest final block, encrypts each of the others under a key of its own, and stores all of it. Fewer records than ordered
 * are delivered when no more are left; the market then refunds the rest.
 *
 * A second call gives what is stored, unless the market would not take that any more. What was stored for an order that is refunded is
 * deleted.
 *
 * @param orderId from 1
 * @throws OrderUndeliverable, NothingToDeliver, PlacementUnknown, MarketNotConfigured, SealBroken, KeyUnwrapFailed, ChainUnavailable
 */
export function prepareDelivery(context: DeliveryContext, orderId: number): Promise<PreparedDelivery> {
  return turnstileOf(context.database).run(() => prepare(context, orderId));
}

async function prepare(context: DeliveryContext, orderId: number): Promise<PreparedDelivery> {
  const { database, chain, now = new Date() } = context;
  const { storage } = database;
  const block = await chain.finalBlock(now);
  const place = await placeOf(chain, orderId);
  const order = await orderAt(chain, orderId, block);
  if (order.state === "None") throw new OrderUndeliverable(orderId, "the market has no such order");
  if (order.state === "Refunded") {
    await discardDeliveries(storage, place);
    throw new OrderUndeliverable(orderId, "it is refunded");
  }
  if (order.state === "Ordered") await discardDeliveries(storage, place, block.timestamp - EXPORT_AGE);
  const stored = await findDelivery(storage, place);
  if (stored !== undefined) return preparedFrom(database, orderId, stored);
  const dataset = await requireDeliverable(context, order, block);
  const attempt = await beginDelivery(storage, place, block.timestamp);
  const leaves = await storeRecords(context, { order, dataset, place, attempt, block });
  if (leaves.length === 0) {
    await discardAttempt(storage, attempt);
    throw new NothingToDeliver(orderId);
  }
  return preparedFrom(
    database,
    orderId,
    await completeDelivery(storage, place, attempt, leaves, buildManifest(leaves)),
  );
}

async function preparedFrom(
  { storage }: MedicalDatabase,
  orderId: number,
  { attempt, manifestRoot, delivered, exportedAt }: StoredDelivery,
): Promise<PreparedDelivery> {
  return { orderId, manifestRoot, delivered, exportedAt, leaves: await deliveredLeaves(storage, attempt) };
}

async function requireDeliverable(
  { database, chain }: DeliveryContext,
  order: MarketOrder,
  block: FinalBlock,
): Promise<DatasetOnChain> {
  const dataset = await datasetAt(chain, order.dataset, block);
  if (dataset.institution !== database.institution.number) {
    throw new OrderUndeliverable(order.order, `institution ${dataset.institution} has to deliver it`);
  }
  if (order.state !== "Ordered") {
    throw new OrderUndeliverable(
      order.order,
      `it is ${order.state.toLowerCase()}, and its delivery is not in this file`,
    );
  }
  return dataset;
}

/** What the records of one delivery have in common. */
interface Delivery {
  readonly order: MarketOrder;
  readonly dataset: DatasetOnChain;
  readonly place: OrderPlace;
  readonly attempt: string;
  readonly block: FinalBlock;
}

async function storeRecords(context: DeliveryContext, delivery: Delivery): Promise<ManifestLeaf[]> {
  const { order } = delivery;
  const leaves: ManifestLeaf[] = [];
  const candidates = await drawnCandidates(context.chain, delivery);
  for (let first = 0; first < candidates.length && leaves.length < order.amount; first += PAGE) {
    const page = candidates.slice(first, first + PAGE);
    const consents = await Promise.all(page.map((candidate) => isCovered(context.chain, delivery, candidate)));
    for (const candidate of page.filter((_, index) => consents[index])) {
      if (leaves.length === order.amount) break;
      const leaf = await storeRecord(context.database, delivery, candidate, leaves.length);
      if (leaf !== undefined) leaves.push(leaf);
    }
  }
  return leaves;
}

interface Candidate {
  readonly recordId: string;
  readonly key: string;
}

async function drawnCandidates(chain: ChainView, { order, block }: Delivery): Promise<Candidate[]> {
  const market = marketOf(chain);
  const placed = await chain.ask(placementOf(market, order.order, block.number));
  // Not asked of the chain: it has an answer, and to try again later would not help.
  if (placed === undefined) throw new PlacementUnknown(order.order);
  const drawn = await chain.ask(drawnWith(market, order, placed));
  return [...drawn].map(([recordId, key]) => ({ recordId, key }));
}

function isCovered(chain: ChainView, { dataset, block }: Delivery, { recordId, key }: Candidate): Promise<boolean> {
  const { institution, purposes, sectionClasses } = dataset;
  const needed = (purposes | purposeBits("HMARKT")) >>> 0;
  const at = { blockTag: block.number };
  return chain.ask(chain.consentRegistry.coversInstitution(key, recordId, institution, needed, sectionClasses, at));
}

/** Undefined for a record that is shredded, stored elsewhere, or has nothing that may be delivered. */
async function storeRecord(
  database: MedicalDatabase,
  { dataset, place, attempt }: Delivery,
  { recordId, key }: Candidate,
  position: number,
): Promise<ManifestLeaf | undefined> {
  if (!(await hasRecord(database, recordId))) return undefined;
  try {
    const plaintext = exportBundle(await openRecord(database, recordId), dataset.sectionClasses);
    if (plaintext === undefined) return undefined;
    const { contentKey, ciphertext, ciphertextHash, keyHash } = sealDelivery(plaintext, { ...place, recordId });
    const recordKey = await openRecordKey(database, recordId);
    const sealed_key = recordKey.sealContentKey(orderText(place), contentKey);
    const hashes = { grant_key: key, ciphertext_hash: ciphertextHash, key_hash: keyHash };
    await keepDelivered(database.storage, {
      attempt,
      position,
      record_id: recordId,
      ...hashes,
      ciphertext,
      sealed_key,
    });
    return { recordId, key, ciphertextHash, keyHash };
  } catch (error) {
    // Shredded: the next record of the draw takes its place.
    if (error instanceof RecordShredded) return undefined;
    throw error;
  }
}
