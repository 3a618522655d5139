import { createHmac, randomBytes } from "node:crypto";
import { seal, unseal } from "../src/accounts/store/seal.js";
import type { Keyring } from "./keyring.js";
import type { Storage } from "./storage/schema.js";

/** Thrown when a file belongs to another institution than the one it is opened for. */
export class InstitutionMismatch extends Error {
  override readonly name = "InstitutionMismatch";

  constructor(stored: number, given: number) {
    super(`The file is institution ${stored}'s, not institution ${given}'s: check the path`);
  }
}

/** What is looked up by digest. Each kind has values of its own, so that equal texts of two kinds do not match. */
export type IndexedKind = "encounter" | "content" | "withdrawn" | "section" | "copy" | "entry" | "identifier";

/** The keys with which an institution finds and seals what belongs to no single record. */
export class InstitutionKeys {
  readonly #indexKey: Uint8Array;
  readonly #sealKey: Uint8Array;

  constructor(keys: Uint8Array) {
    this.#indexKey = keys.subarray(0, 32);
    this.#sealKey = keys.subarray(32, 64);
  }

  /** A keyed digest (HMAC-SHA256, 32 bytes) under which a row is found without the file telling what it is about. */
  indexOf(kind: IndexedKind, ...parts: readonly (string | Uint8Array)[]): Uint8Array {
    const hmac = createHmac("sha256", this.#indexKey).update(kind);
    for (const part of parts) {
      const bytes = Buffer.from(part);
      // The length first, so that parts cannot be shifted into one another.
      hmac.update(`\0${bytes.length}\0`).update(bytes);
    }
    return hmac.digest();
  }

  seal(plaintext: Uint8Array, context: string): Uint8Array {
    return seal(this.#sealKey, plaintext, context);
  }

  /** What {@link seal} sealed, or undefined if the context differs or a bit was changed. */
  unseal(sealed: Uint8Array, context: string): Uint8Array | undefined {
    return unseal(this.#sealKey, sealed, context);
  }
}

/**
 * The institution's keys from its file; a new file gets new ones.
 *
 * @throws InstitutionMismatch for another institution's file
 * @throws KeyUnwrapFailed when the keyring is not the file's
 */
export async function openInstitutionKeys(
  storage: Storage,
  institution: number,
  keyring: Keyring,
): Promise<InstitutionKeys> {
  const context = `institution ${institution}`;
  const keys = randomBytes(64);
  const wrapped = await keyring.wrap(keys, context);
  const stored = await storage.transaction().execute(async (transaction) => {
    const found = await transaction.selectFrom("institution").selectAll().executeTakeFirst();
    if (found === undefined) {
      await transaction.insertInto("institution").values({ number: institution, wrapped_keys: wrapped }).execute();
    }
    return found;
  });
  if (stored === undefined) return new InstitutionKeys(keys);
  if (stored.number !== institution) throw new InstitutionMismatch(stored.number, institution);
  return new InstitutionKeys(await keyring.unwrap(stored.wrapped_keys, context));
}
