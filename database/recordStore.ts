import {
  buildSectionTree,
  type LeafKindCode,
  type RecordHeader,
  type SealedForm,
  type SealedRecord,
  type SealedSection,
  type ServedSection,
} from "../src/records/index.js";
import { RecordKey, RecordShredded } from "./envelope.js";
import type { InstitutionKeys } from "./institutionKeys.js";
import type { MedicalDatabase } from "./medicalDatabase.js";
import type { RecordTable, Storage } from "./storage/schema.js";

/** A record as rows, sealed and ready to be inserted. */
export interface RecordRows {
  readonly record: Omit<RecordTable, "sequence">;
  readonly wrappedKey: Uint8Array;
  readonly sections: readonly SealedSection[];
  readonly key: RecordKey;
}

/** How a record is found again: digests of its encounter and of its content. */
export interface RecordIndexes {
  readonly encounter: Uint8Array;
  readonly content: Uint8Array;
}

/** Seals a record under a key of its own. Nothing is stored yet. */
export async function sealRecord(
  { keyring }: MedicalDatabase,
  { id, header, sectionsRoot, sections }: SealedRecord,
  indexes: RecordIndexes,
): Promise<RecordRows> {
  const { key, wrapped } = await RecordKey.create(id, keyring);
  const record = {
    record_id: id,
    encounter_index: indexes.encounter,
    content_index: indexes.content,
    chain_id: header.chainId.toString(),
    registry: header.registry,
    patient: header.patient,
    doctor: header.doctor,
    recorded_at: header.recordedAt,
    data_class: header.dataClass,
    sections_root: sectionsRoot,
    sealed_salt: key.sealHeaderSalt(header.salt),
  };
  return { record, wrappedKey: wrapped, sections, key };
}

/** Stores a sealed record. */
export async function insertRecord(transaction: Storage, keys: InstitutionKeys, rows: RecordRows): Promise<void> {
  const { record, wrappedKey, sections, key } = rows;
  const { record_id } = record;
  await transaction.insertInto("records").values(record).execute();
  await transaction.insertInto("data_keys").values({ record_id, wrapped: wrappedKey }).execute();
  for (const [position, section] of sections.entries()) {
    const { path, dataClass, full, deidentified } = section;
    const section_index = sectionIndex(keys, record_id, section);
    const row = { record_id, position, path, data_class: dataClass, section_index };
    await transaction.insertInto("sections").values(row).execute();
    const forms = deidentified === undefined ? [full] : [full, deidentified];
    const leaves = forms.map((form) => leafRow(record_id, position, path, form, key));
    await transaction.insertInto("leaves").values(leaves).execute();
  }
}

/**
 * Lets the content of a record that nobody will register be stored again in another one. A shredded record keeps its place: its content
 * is not to come back.
 */
export async function freeContent(transaction: Storage, keys: InstitutionKeys, id: string): Promise<void> {
  await transaction
    .updateTable("records")
    .set({ content_index: keys.indexOf("withdrawn", id) })
    .where("record_id", "=", id)
    .where("record_id", "in", transaction.selectFrom("data_keys").select("record_id"))
    .execute();
}

function leafRow(record_id: string, position: number, path: string, form: SealedForm, key: RecordKey) {
  return { record_id, position, kind: form.kind, leaf: form.leaf, sealed: key.sealLeaf(path, form.kind, form) };
}

function sectionIndex(keys: InstitutionKeys, recordId: string, section: SealedSection): Uint8Array {
  const { resourceType, id, copy } = section;
  return copy ? keys.indexOf("copy", recordId, resourceType, id) : keys.indexOf("section", resourceType, id);
}

/** A section by its place, without content. */
export interface StoredSection {
  readonly position: number;
  readonly path: string;
  readonly dataClass: number;
}

/** A record whose key is open; sections are opened when they are served. */
export interface OpenRecord {
  readonly id: string;
  readonly header: RecordHeader;
  readonly sectionsRoot: string;
  readonly sections: readonly StoredSection[];
  /**
   * Opens the form `kind` of the sections `wanted` and proves each; sections without that form are left out.
   * @throws SealBroken
   */
  serve(kind: LeafKindCode, wanted: readonly StoredSection[]): Served[];
}

/** A section as it is served, with all that a reader needs to check it. */
export interface Served extends ServedSection {
  readonly header: RecordHeader;
  readonly dataClass: number;
}

/** Whether a record with this id is stored. */
export async function hasRecord({ storage }: MedicalDatabase, id: string): Promise<boolean> {
  const row = await storage.selectFrom("records").select("record_id").where("record_id", "=", id).executeTakeFirst();
  return row !== undefined;
}

/** The sections of a record by their places. */
export async function sectionsOf({ storage }: MedicalDatabase, id: string): Promise<StoredSection[]> {
  const rows = await storage
    .selectFrom("sections")
    .selectAll()
    .where("record_id", "=", id)
    .orderBy("position")
    .execute();
  return rows.map(({ position, path, data_class }) => ({ position, path, dataClass: data_class }));
}

/** Where a resource is stored. Copies of people, organizations and places are only found with their record. */
export async function findSections(
  { storage, keys }: MedicalDatabase,
  resourceType: string,
  id: string,
  recordId: string | undefined,
): Promise<(StoredSection & { readonly recordId: string })[]> {
  const indexes = [keys.indexOf("section", resourceType, id)];
  if (recordId !== undefined) indexes.push(keys.indexOf("copy", recordId, resourceType, id));
  let query = storage.selectFrom("sections").selectAll().where("section_index", "in", indexes);
  if (recordId !== undefined) query = query.where("record_id", "=", recordId);
  const rows = await query.orderBy("record_id").limit(10).execute();
  return rows.map(({ record_id, position, path, data_class }) => {
    return { recordId: record_id, position, path, dataClass: data_class };
  });
}

/**
 * Opens the key of a stored record.
 *
 * @throws RecordShredded, KeyUnwrapFailed
 */
export async function openRecordKey({ storage, keyring }: MedicalDatabase, id: string): Promise<RecordKey> {
  const row = await storage.selectFrom("data_keys").select("wrapped").where("record_id", "=", id).executeTakeFirst();
  if (row === undefined) throw new RecordShredded(id);
  return RecordKey.open(id, row.wrapped, keyring);
}

/**
 * Opens a stored record.
 *
 * @throws RecordShredded, SealBroken, KeyUnwrapFailed
 */
export async function openRecord(database: MedicalDatabase, id: string): Promise<OpenRecord> {
  const { storage, institution } = database;
  const record = await storage.selectFrom("records").selectAll().where("record_id", "=", id).executeTakeFirstOrThrow();
  const key = await openRecordKey(database, id);
  const leaves = await storage.selectFrom("leaves").selectAll().where("record_id", "=", id).execute();
  const header: RecordHeader = {
    chainId: BigInt(record.chain_id),
    registry: record.registry,
    patient: record.patient,
    doctor: record.doctor,
    institution: institution.number,
    recordedAt: record.recorded_at,
    dataClass: record.data_class,
    salt: key.openHeaderSalt(record.sealed_salt),
  };
  const sectionsRoot = record.sections_root;
  const tree = buildSectionTree(leaves.map(({ leaf }) => leaf));
  const sealed = new Map(leaves.map((row) => [`${row.position} ${row.kind}`, row]));
  const serve = (kind: LeafKindCode, wanted: readonly StoredSection[]): Served[] =>
    wanted.flatMap(({ position, path, dataClass }) => {
      const row = sealed.get(`${position} ${kind}`);
      if (row === undefined) return [];
      const { salt, bytes } = key.openLeaf(path, kind, row.sealed);
      const proof = tree.proof(row.leaf);
      return [{ recordId: id, header, sectionsRoot, kind, path, salt, bytes, proof, dataClass }];
    });
  return { id, header, sectionsRoot, sections: await sectionsOf(database, id), serve };
}
