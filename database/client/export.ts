import { keccak256 } from "ethers";
import { grantKeyTag } from "../../src/market/grantKeyTag.js";
import { type DeliveryKeyPair, KeyUnwrappable, unwrapContentKey, type WrappedKey } from "../../src/market/hpke.js";
import { type ManifestLeaf, verifyManifestLeaf } from "../../src/market/manifest.js";
import { type MarketOrder, orderFrom } from "../../src/market/order.js";
import { DeliveryUndecryptable, type OrderPlace, openDelivery } from "../../src/market/seal.js";
import { LeafKind, RecordMismatch, SectionTampered, SourceRefused } from "../../src/records/index.js";
import { type JsonObject, objectsIn, stringIn } from "../../src/records/json.js";
import { ConsentRegistry__factory, type DataMarket, type RecordRegistry } from "../../types/ethers-contracts/index.js";
import { datasetsOf } from "../market/orderOnChain.js";
import { ProofMalformed } from "../proofExtensions.js";
import {
  AnswerUnreadable,
  RecordNotOnChain,
  type SectionCheck,
  type VerifiedRecord,
  verifyRecordBundle,
} from "../verifyBundle.js";
import { type DeliveredLeaf, type DeliveryFault, DeliveryFaulty, DeliveryLate } from "./deliveryFault.js";
import { ExportDownload, type ExportLogin } from "./exportDownload.js";

/** What a buyer collects, and with what. */
export interface CollectOptions {
  /** The buyer's wallet, and the provider's database. */
  readonly login: ExportLogin;
  /** The market and the registry that the buyer trusts, connected to a node that the buyer trusts. */
  readonly market: DataMarket;
  readonly registry: RecordRegistry;
  /** From 1. */
  readonly orderId: number;
  /** To which the content keys are wrapped. */
  readonly keyPair: DeliveryKeyPair;
  /** How long to wait for the delivery, in milliseconds; 60,000 by default. */
  readonly maxWait?: number;
  /** The proof check; anything but the default is for showing what happens without it. */
  readonly check?: SectionCheck;
}

/** A delivery that was downloaded, decrypted and checked; the lists go together. */
export interface CollectedDelivery {
  readonly records: readonly VerifiedRecord[];
  /** The records' Bundles, byte for byte as they were delivered. */
  readonly plaintexts: readonly Uint8Array[];
  readonly leaves: readonly DeliveredLeaf[];
}

/**
 * Collects an order's delivery and believes nothing: it has to have as many records as the chain says, each once, each of the version that
 * was bought and with a consent that is not known to have been over; what is downloaded has to be what the manifest on the chain commits
 * to; and what it decrypts to has to be, byte for byte, what doctor and patient signed into a record that the chain knows.
 *
 * @throws DeliveryFaulty with evidence for a dispute
 * @throws DeliveryLate, DatabaseRefused, NotAMedicalDatabase, AnswerStalled, DeliveryKeyInvalid, and what the node throws
 */
export async function collectDelivery(options: CollectOptions): Promise<CollectedDelivery> {
  const { login, market, orderId, keyPair, maxWait = 60_000 } = options;
  const download = await ExportDownload.begin(login, orderId, keyPair, maxWait);
  try {
    const order = orderFrom(orderId, await market.orderOf(orderId));
    // The buyer's own node may be behind.
    if (order.state === "Ordered") throw new DeliveryLate(orderId, maxWait);
    const items = await readItems(download, order);
    await requireAllSold(options, order, [...items.values()]);
    const place = { chainId: login.chainId, market: await market.getAddress(), orderId };
    return await openRecords(options, download, place, items);
  } finally {
    await download.end();
  }
}

/** One record of a delivery before it is opened. */
interface Item extends DeliveredLeaf {
  readonly wrapped: WrappedKey | undefined;
}

function faulty(orderId: number, fault: DeliveryFault, detail: string, item?: DeliveredLeaf, cause?: unknown) {
  const about = item === undefined ? {} : { leaf: item.leaf, proof: item.proof };
  return new DeliveryFaulty({ orderId, fault, detail, ...about }, { cause });
}

/** The leaves that are under the root on the chain, by record. */
async function readItems(download: ExportDownload, order: MarketOrder): Promise<Map<string, Item>> {
  const items = new Map<string, Item>();
  for await (const resource of download.resources("Parameters")) {
    const item = itemOf(resource);
    const { recordId } = item.leaf;
    if (!verifyManifestLeaf(order.manifestRoot, item.leaf, item.proof)) {
      throw faulty(order.order, "manifest", "a leaf is not under the root on the chain", item);
    }
    if (items.has(recordId)) throw faulty(order.order, "twice", "a record is in it twice", item);
    items.set(recordId, item);
    if (items.size > order.delivered) break;
  }
  if (items.size !== order.delivered) {
    throw faulty(order.order, "count", `the chain says ${order.delivered} records, not ${items.size}`);
  }
  return items;
}

function itemOf({ parameter }: JsonObject): Item {
  const parameters = objectsIn(parameter);
  const partsOf = (name: string) => objectsIn(parameters.find((one) => one.name === name)?.part);
  const leafParts = partsOf("leaf");
  const word = (name: string) => (stringIn(named(leafParts, name), "valueString") ?? "").toLowerCase();
  const leaf: ManifestLeaf = {
    recordId: word("recordId"),
    key: word("key"),
    ciphertextHash: word("ciphertextHash"),
    keyHash: word("keyHash"),
  };
  const proof = parameters.filter(({ name }) => name === "proof").map((one) => stringIn(one, "valueString") ?? "");
  const keyParts = partsOf("wrappedKey");
  const bytes = (name: string) => Buffer.from(stringIn(named(keyParts, name), "valueBase64Binary") ?? "", "base64");
  const wrapped = { encapsulation: bytes("encapsulation"), ciphertext: bytes("ciphertext") };
  return { leaf, proof, wrapped: keyParts.length === 0 ? undefined : wrapped };
}

function named(parts: readonly JsonObject[], name: string): JsonObject | undefined {
  return parts.find((part) => part.name === name);
}

/** How many records the node is asked about at once. */
const PAGE = 32;

/** That each record was for sale, and that its consent is not known to have been over: either can be proven to the market. */
async function requireAllSold({ market }: CollectOptions, order: MarketOrder, items: readonly Item[]): Promise<void> {
  const datasets = await datasetsOf(market);
  const consents = ConsentRegistry__factory.connect(await market.consentRegistry(), market.runner);
  const [, institution] = await datasets.listingOf(order.dataset);
  const requireSold = async (item: Item): Promise<void> => {
    const { recordId, key } = item.leaf;
    const listed = await datasets.keyTagOf(order.dataset, order.version, recordId);
    if (listed === 0n) {
      throw faulty(order.order, "not-in-version", "a record was not for sale in this version: call proveFraud", item);
    }
    if (listed !== grantKeyTag(key)) {
      throw faulty(
        order.order,
        "no-consent",
        "a record stands under another grant than it was listed with: call proveFraud",
        item,
      );
    }
    if (await consents.isRefuted(key, recordId, institution, order.asOf)) {
      throw faulty(order.order, "no-consent", "a record's consent was over at the export: call proveFraud", item);
    }
  };
  for (let first = 0; first < items.length; first += PAGE) {
    await Promise.all(items.slice(first, first + PAGE).map(requireSold));
  }
}

async function openRecords(
  options: CollectOptions,
  download: ExportDownload,
  place: OrderPlace,
  items: ReadonlyMap<string, Item>,
): Promise<CollectedDelivery> {
  const waiting = new Map(items);
  const records: VerifiedRecord[] = [];
  const plaintexts: Uint8Array[] = [];
  const leaves: DeliveredLeaf[] = [];
  for await (const resource of download.resources("Binary")) {
    const recordId = `0x${stringIn(resource, "id") ?? ""}`;
    const item = waiting.get(recordId);
    if (item === undefined) throw faulty(place.orderId, "unreadable", "it has a ciphertext that no leaf names");
    waiting.delete(recordId);
    const plaintext = await decrypt(options.keyPair, place, item, ciphertextOf(resource));
    records.push(await verify(options, item, plaintext));
    plaintexts.push(plaintext);
    leaves.push({ leaf: item.leaf, proof: item.proof });
  }
  const [missing] = waiting.values();
  if (missing !== undefined) throw faulty(place.orderId, "ciphertext", "a record's ciphertext is missing", missing);
  return { records, plaintexts, leaves };
}

function ciphertextOf(resource: JsonObject): Uint8Array {
  return Buffer.from(stringIn(resource, "data") ?? "", "base64");
}

async function decrypt(
  keyPair: DeliveryKeyPair,
  order: OrderPlace,
  item: Item,
  ciphertext: Uint8Array,
): Promise<Uint8Array> {
  const { leaf, wrapped } = item;
  const { orderId } = order;
  const place = { ...order, recordId: leaf.recordId };
  if (keccak256(ciphertext) !== leaf.ciphertextHash) {
    throw faulty(orderId, "ciphertext", "a ciphertext is not the one that the leaf commits to", item);
  }
  if (wrapped === undefined) throw faulty(orderId, "content-key", "a record has no content key (any more)", item);
  try {
    const contentKey = await unwrapContentKey(keyPair, wrapped, place);
    if (keccak256(contentKey) !== leaf.keyHash) {
      throw faulty(orderId, "content-key", "a content key is not the one that the leaf commits to", item);
    }
    return openDelivery(ciphertext, contentKey, place);
  } catch (error) {
    if (error instanceof KeyUnwrappable) throw faulty(orderId, "content-key", error.message, item, error);
    if (error instanceof DeliveryUndecryptable) throw faulty(orderId, "undecryptable", error.message, item, error);
    throw error;
  }
}

const CONTENT_FAULTS = [
  AnswerUnreadable,
  ProofMalformed,
  RecordMismatch,
  RecordNotOnChain,
  SectionTampered,
  SourceRefused,
];

async function verify(
  { registry, check, orderId }: CollectOptions,
  item: Item,
  plaintext: Uint8Array,
): Promise<VerifiedRecord> {
  try {
    const options = { recordId: item.leaf.recordId, ...(check === undefined ? {} : { check }) };
    const record = await verifyRecordBundle(plaintext, registry, options);
    const isFit = record.sections.every(({ kind }) => kind === LeafKind.Deidentified) && record.sections.length > 0;
    if (!isFit) throw faulty(orderId, "content", "a record is empty or not de-identified", item);
    return record;
  } catch (error) {
    if (!CONTENT_FAULTS.some((kind) => error instanceof kind)) throw error;
    throw faulty(orderId, "content", error instanceof Error ? error.message : "", item, error);
  }
}
