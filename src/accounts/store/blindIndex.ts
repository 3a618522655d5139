import { createHmac } from "node:crypto";

/** What is looked up blindly. Each kind has values of its own, so that equal texts of two kinds do not match. */
export type IndexedKind = "identity" | "branch" | "wallet" | "serial";

/**
 * A keyed digest (HMAC-SHA256) under which a row is found without the file telling what it is about.
 *
 * @param key 32 bytes.
 * @returns 32 bytes.
 */
export function blindIndex(key: Uint8Array, kind: IndexedKind, ...parts: string[]): Uint8Array {
  return createHmac("sha256", key)
    .update(JSON.stringify([kind, ...parts]))
    .digest();
}
