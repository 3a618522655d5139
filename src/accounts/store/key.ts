import { randomBytes, scryptSync } from "node:crypto";
import { InvalidStoreSecret, StoreDamaged, StoreLocked } from "./errors.js";
import { contextOf, seal, unseal } from "./seal.js";

/** What opens a store: a passphrase of 12 or more characters, or 32 random bytes from a key management system. */
export type StoreSecret = { passphrase: string; key?: never } | { key: Uint8Array; passphrase?: never };

/** The two keys of a store, random and never seen outside: one seals its rows, one makes its blind indexes. */
export interface StoreKeys {
  readonly sealing: Uint8Array;
  readonly index: Uint8Array;
}

/** How the secret becomes the key that opens the store's keys: by scrypt, or, where all is null, as it is. */
export interface KeyDerivation {
  readonly salt: Uint8Array | null;
  readonly cost: number | null;
  readonly blockSize: number | null;
  readonly parallelization: number | null;
}

/** What the file says in the clear, and the keys. That they open is also the proof of the right secret. */
export interface KeyHeader extends KeyDerivation {
  readonly sealedKeys: Uint8Array;
}

const KEY_BYTES = 32;
const MIN_PASSPHRASE = 12;
// OWASP's recommendation for scrypt: 128 MiB and some tenths of a second for each guess.
const SCRYPT = { cost: 2 ** 17, blockSize: 8, parallelization: 1 };
// The parameters stand in the file before anything is authenticated: a tampered one must not exhaust the memory.
const MAX_SCRYPT_MEMORY = 2 ** 30;

/** @throws {InvalidStoreSecret} if the passphrase is shorter than 12 characters, or the key is not 32 bytes. */
export function checkSecret({ passphrase, key }: StoreSecret): void {
  // JavaScript may pass neither.
  const fits = key === undefined ? (passphrase?.length ?? 0) >= MIN_PASSPHRASE : key.length === KEY_BYTES;
  if (!fits) throw new InvalidStoreSecret(MIN_PASSPHRASE, KEY_BYTES);
}

/** The header of a new store, with fresh keys that `secret` opens. */
export function newKeyHeader(secret: StoreSecret): KeyHeader {
  const derivation: KeyDerivation =
    secret.key === undefined
      ? { salt: randomBytes(16), ...SCRYPT }
      : { salt: null, cost: null, blockSize: null, parallelization: null };
  const keys = randomBytes(2 * KEY_BYTES);
  return { ...derivation, sealedKeys: seal(openingKey(secret, derivation), keys, contextOfKeys(derivation)) };
}

/**
 * The keys of the store.
 *
 * @throws {StoreLocked} if `secret` is not the store's, {@link StoreDamaged} if the header cannot be one.
 */
export function unlockKeys(secret: StoreSecret, header: KeyHeader): StoreKeys {
  const keys = unseal(openingKey(secret, header), header.sealedKeys, contextOfKeys(header));
  if (keys === undefined) throw new StoreLocked();
  return { sealing: keys.subarray(0, KEY_BYTES), index: keys.subarray(KEY_BYTES) };
}

function openingKey(secret: StoreSecret, derivation: KeyDerivation): Uint8Array {
  const { salt, cost, blockSize, parallelization } = derivation;
  if (salt === null || cost === null || blockSize === null || parallelization === null) {
    if (secret.key === undefined) throw new StoreLocked();
    return secret.key;
  }
  if (secret.key !== undefined) throw new StoreLocked();

  // One passphrase typed on two keyboards may differ in its bytes; in normal form it does not.
  const passphrase = secret.passphrase.normalize("NFKC");
  try {
    return scryptSync(passphrase, salt, KEY_BYTES, { cost, blockSize, parallelization, maxmem: MAX_SCRYPT_MEMORY });
  } catch (cause) {
    throw new StoreDamaged("the parameters of its key", { cause });
  }
}

function contextOfKeys({ salt, cost, blockSize, parallelization }: KeyDerivation): string {
  return contextOf("header", salt, cost, blockSize, parallelization);
}
