import { seal, unseal } from "../src/accounts/store/seal.js";

/**
 * Wraps the keys that stand in the database with a key that never does: 32 bytes of the operator's, or a key service that answers over
 * the network.
 */
export interface Keyring {
  /** @param context what the key is for; it unwraps in the same context only */
  wrap(key: Uint8Array, context: string): Promise<Uint8Array>;
  /** @throws KeyUnwrapFailed when the wrapped key is of another keyring or context, or was changed */
  unwrap(wrapped: Uint8Array, context: string): Promise<Uint8Array>;
}

/** Thrown for a key-encryption key that is not one. */
export class InvalidKeyEncryptionKey extends Error {
  override readonly name = "InvalidKeyEncryptionKey";

  constructor(length: number) {
    super(`Give a key-encryption key of 32 random bytes, not ${length}`);
  }
}

/** Thrown when a wrapped key does not open. */
export class KeyUnwrapFailed extends Error {
  override readonly name = "KeyUnwrapFailed";

  constructor(context: string) {
    super(
      `The key of ${context} does not open: give the key-encryption key that this file was made with, or restore the file`,
    );
  }
}

/**
 * A keyring of one key (AES-256-GCM).
 *
 * @param kek 32 random bytes
 * @throws InvalidKeyEncryptionKey
 */
export function keyringOf(kek: Uint8Array): Keyring {
  if (kek.length !== 32) throw new InvalidKeyEncryptionKey(kek.length);
  const own = Uint8Array.from(kek);
  return {
    wrap: async (key, context) => seal(own, key, context),
    unwrap: async (wrapped, context) => {
      const key = unseal(own, wrapped, context);
      if (key === undefined) throw new KeyUnwrapFailed(context);
      return key;
    },
  };
}
