import { Kysely } from "kysely";
import type { Identifier } from "../src/records/index.js";
import { type InstitutionKeys, openInstitutionKeys } from "./institutionKeys.js";
import { type Keyring, keyringOf } from "./keyring.js";
import { migrate } from "./storage/migrations.js";
import type { Storage, Tables } from "./storage/schema.js";
import { NodeSqliteDialect } from "./storage/sqlite.js";
import { Turnstile } from "./turnstile.js";

/** An institution whose records the service keeps. */
export interface InstitutionOptions {
  /** Its number in the account center, 1 to 65,535. */
  readonly number: number;
  /** For people to read. */
  readonly name: string;
  /** The identifier under which bundles name it as an encounter's `serviceProvider`. */
  readonly organization: Identifier;
  /** Path of its file, made if it does not exist (its folder is not), or `:memory:`. */
  readonly file: string;
  /** 32 random bytes that never enter the file, or what wraps keys in their stead. */
  readonly kek: Uint8Array | Keyring;
}

/** One institution's open database. */
export interface MedicalDatabase {
  readonly institution: Pick<InstitutionOptions, "number" | "name" | "organization">;
  readonly storage: Storage;
  readonly keyring: Keyring;
  readonly keys: InstitutionKeys;
  /** Bundles come in one at a time: what one stores, the next has to know. */
  readonly intake: Turnstile;
  /** Nothing can be asked of it afterwards. */
  close(): Promise<void>;
}

/** Thrown for options that name no institution. */
export class InstitutionOptionsInvalid extends Error {
  override readonly name = "InstitutionOptionsInvalid";
}

/**
 * Opens an institution's database, or makes a new one.
 *
 * @throws InstitutionOptionsInvalid, InvalidKeyEncryptionKey, StorageUnusable, InstitutionMismatch, KeyUnwrapFailed
 */
export async function openMedicalDatabase(options: InstitutionOptions): Promise<MedicalDatabase> {
  const { number, name, organization, file, kek } = options;
  if (!Number.isInteger(number) || number < 1 || number > 65_535) {
    throw new InstitutionOptionsInvalid(
      `Give the institution's number from the account center, 1 to 65535, not ${number}`,
    );
  }
  const keyring = kek instanceof Uint8Array ? keyringOf(kek) : kek;
  const storage = new Kysely<Tables>({ dialect: new NodeSqliteDialect(file) });
  try {
    await migrate(storage, file);
    const keys = await openInstitutionKeys(storage, number, keyring);
    const institution = { number, name, organization };
    return { institution, storage, keyring, keys, intake: new Turnstile(), close: () => storage.destroy() };
  } catch (error) {
    await storage.destroy();
    throw error;
  }
}
