import { type DeliveryPublicKey, type WrappedKey, wrapContentKey } from "../../src/market/hpke.js";
import { type OrderPlace, orderText } from "../../src/market/seal.js";
import { RecordShredded } from "../envelope.js";
import type { MedicalDatabase } from "../medicalDatabase.js";
import { fhirIdOf } from "../recordBundle.js";
import { openRecordKey } from "../recordStore.js";
import { deliveredIds, deliveredRecords, leafOf, type StoredDelivery, type StoredRecord } from "./deliveryStore.js";

/** What the files of an export hold, one resource for each record: its ciphertext, or what proves and opens it. */
export const FILE_TYPES = ["Binary", "Parameters"] as const;
export type FileType = (typeof FILE_TYPES)[number];

/** How many records a file holds. */
export const FILE_RECORDS = 500;
/** How many are in memory at once. */
const PAGE = 8;

/** One file of an export. */
export interface ExportFile {
  readonly type: FileType;
  /** From 0. */
  readonly number: number;
  /** How many records it holds. */
  readonly count: number;
}

/** All files of a delivery; those with the same number have the same records in the same order. */
export function exportFiles({ delivered }: Pick<StoredDelivery, "delivered">): ExportFile[] {
  const numbers = Array.from({ length: Math.ceil(delivered / FILE_RECORDS) }, (_, number) => number);
  return numbers.flatMap((number) => {
    const count = Math.min(FILE_RECORDS, delivered - number * FILE_RECORDS);
    return FILE_TYPES.map((type) => ({ type, number, count }));
  });
}

/** The ids of one file's records. */
export function idsOfFile(
  { storage }: MedicalDatabase,
  { attempt }: Pick<StoredDelivery, "attempt">,
  { number, count }: ExportFile,
): Promise<string[]> {
  return deliveredIds(storage, attempt, number * FILE_RECORDS, count);
}

/** The records of one file, sealed as they are stored, a few at a time. */
export async function* recordsOfFile(
  { storage }: MedicalDatabase,
  { attempt }: Pick<StoredDelivery, "attempt">,
  { number, count }: ExportFile,
): AsyncGenerator<StoredRecord> {
  const first = number * FILE_RECORDS;
  for (let done = 0; done < count; done += PAGE) {
    yield* await deliveredRecords(storage, attempt, first + done, Math.min(PAGE, count - done));
  }
}

/** The lines of a `Binary` file. */
export async function* binaryLines(records: AsyncIterable<StoredRecord>): AsyncGenerator<string> {
  for await (const { record_id, ciphertext } of records) {
    const data = Buffer.from(ciphertext).toString("base64");
    yield lineOf({ resourceType: "Binary", id: fhirIdOf(record_id), contentType: "application/octet-stream", data });
  }
}

/**
 * The lines of a `Parameters` file: the manifest's leaf of each record with its proof, and the content key, wrapped to the buyer's public
 * key if there is one. A record that was shredded since has no key any more.
 */
export async function* parameterLines(
  database: MedicalDatabase,
  place: OrderPlace,
  records: AsyncIterable<StoredRecord>,
  key: DeliveryPublicKey | undefined,
): AsyncGenerator<string> {
  for await (const record of records) {
    const wrapped = key && (await wrappedKeyOf(database, place, record, key));
    yield lineOf({
      resourceType: "Parameters",
      id: fhirIdOf(record.record_id),
      parameter: [
        { name: "leaf", part: partsOf({ ...leafOf(record) }) },
        ...proofOf(record).map((valueString) => ({ name: "proof", valueString })),
        ...(wrapped === undefined ? [] : [{ name: "wrappedKey", part: wrappedParts(wrapped) }]),
      ],
    });
  }
}

async function wrappedKeyOf(
  database: MedicalDatabase,
  place: OrderPlace,
  { record_id, sealed_key }: StoredRecord,
  key: DeliveryPublicKey,
): Promise<WrappedKey | undefined> {
  try {
    const recordKey = await openRecordKey(database, record_id);
    const contentKey = recordKey.openContentKey(orderText(place), sealed_key);
    return await wrapContentKey(key, contentKey, { ...place, recordId: record_id });
  } catch (error) {
    if (error instanceof RecordShredded) return undefined;
    throw error;
  }
}

function proofOf({ proof }: StoredRecord): string[] {
  return JSON.parse(proof ?? "[]") as string[];
}

function partsOf(words: Readonly<Record<string, string>>) {
  return Object.entries(words).map(([name, valueString]) => ({ name, valueString }));
}

function wrappedParts({ encapsulation, ciphertext }: WrappedKey) {
  return Object.entries({ encapsulation, ciphertext }).map(([name, bytes]) => {
    return { name, valueBase64Binary: Buffer.from(bytes).toString("base64") };
  });
}

function lineOf(resource: object): string {
  return `${JSON.stringify(resource)}\n`;
}
