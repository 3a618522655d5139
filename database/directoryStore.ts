import { hexlify } from "ethers";
import {
  Directory,
  type DirectoryEntry,
  identifiersOf,
  isDirectoryType,
  type PatientBundle,
} from "../src/records/index.js";
import { storedIdOf } from "../src/records/storedId.js";
import { SealBroken } from "./envelope.js";
import type { InstitutionKeys } from "./institutionKeys.js";
import type { MedicalDatabase } from "./medicalDatabase.js";
import type { Storage } from "./storage/schema.js";

/**
 * The people, organizations and places that the institution knows among those of a bundle, so that each keeps one id.
 *
 * @throws SealBroken
 */
export async function knownDirectory({ storage, keys }: MedicalDatabase, bundle: PatientBundle): Promise<Directory> {
  const given = bundle.entries.filter(({ resourceType }) => isDirectoryType(resourceType));
  const entryIndexes = given.map(({ resourceType, fullUrl }) => {
    return keys.indexOf("entry", resourceType, storedIdOf(fullUrl));
  });
  const identifierIndexes = given.flatMap(({ resourceType, resource }) => {
    return identifiersOf(resource).map(({ system, value }) => keys.indexOf("identifier", resourceType, system, value));
  });
  const rows = await storage
    .selectFrom("directory")
    .selectAll()
    .where(({ or, eb, selectFrom }) => {
      const byIdentifier = selectFrom("directory_identifiers").select("directory_identifiers.entry_index");
      return or([
        eb("entry_index", "in", entryIndexes),
        eb("entry_index", "in", byIdentifier.where("identifier_index", "in", identifierIndexes)),
      ]);
    })
    .execute();
  return new Directory(rows.map(({ entry_index, sealed }) => openEntry(keys, entry_index, sealed)));
}

/** Stores entries that are not stored yet. */
export async function keepDirectory(
  transaction: Storage,
  keys: InstitutionKeys,
  entries: readonly DirectoryEntry[],
): Promise<void> {
  for (const { resourceType, id, identifiers } of entries) {
    const entry_index = keys.indexOf("entry", resourceType, id);
    const content = Buffer.from(JSON.stringify({ resourceType, id, identifiers }));
    const sealed = keys.seal(content, contextOf(entry_index));
    const inserted = await transaction
      .insertInto("directory")
      .values({ entry_index, sealed })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (inserted.numInsertedOrUpdatedRows !== 1n) continue;
    for (const { system, value } of identifiers) {
      const identifier_index = keys.indexOf("identifier", resourceType, system, value);
      const row = { identifier_index, entry_index };
      await transaction
        .insertInto("directory_identifiers")
        .values(row)
        .onConflict((c) => c.doNothing())
        .execute();
    }
  }
}

function openEntry(keys: InstitutionKeys, index: Uint8Array, sealed: Uint8Array): DirectoryEntry {
  const content = keys.unseal(sealed, contextOf(index));
  if (content === undefined) throw new SealBroken("An entry of the directory");
  return JSON.parse(Buffer.from(content).toString()) as DirectoryEntry;
}

function contextOf(index: Uint8Array): string {
  return `directory ${hexlify(index)}`;
}
