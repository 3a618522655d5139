import { randomBytes } from "node:crypto";
import { getBytes, hexlify } from "ethers";
import { seal, unseal } from "../src/accounts/store/seal.js";
import type { LeafKindCode } from "../src/records/index.js";
import type { Keyring } from "./keyring.js";

/** Thrown when what is stored does not open: it was changed, moved, or sealed with another key. */
export class SealBroken extends Error {
  override readonly name = "SealBroken";

  /** @param part what was sealed */
  constructor(part: string) {
    super(`${part} does not open: the file was changed or damaged, restore it from a copy`);
  }
}

/** Thrown for a record whose key was deleted: its content is gone for good. */
export class RecordShredded extends Error {
  override readonly name = "RecordShredded";

  constructor(recordId: string) {
    super(`Record ${recordId} was shredded: its key was deleted, and nobody can read it any more`);
  }
}

const SALT_BYTES = 32;

/** One form of a section as it is sealed: the salt of its leaf, and its bytes. */
export interface LeafContent {
  /** 32 bytes in hex. */
  readonly salt: string;
  readonly bytes: Uint8Array;
}

/** The key of one record. Everything of the record is sealed with it: sections and salts. */
export class RecordKey {
  readonly #recordId: string;
  readonly #key: Uint8Array;

  private constructor(recordId: string, key: Uint8Array) {
    this.#recordId = recordId;
    this.#key = key;
  }

  /** A new key, with its wrapped form to be stored. */
  static async create(recordId: string, keyring: Keyring): Promise<{ key: RecordKey; wrapped: Uint8Array }> {
    const bytes = randomBytes(32);
    return { key: new RecordKey(recordId, bytes), wrapped: await keyring.wrap(bytes, keyContext(recordId)) };
  }

  /** @throws KeyUnwrapFailed */
  static async open(recordId: string, wrapped: Uint8Array, keyring: Keyring): Promise<RecordKey> {
    return new RecordKey(recordId, await keyring.unwrap(wrapped, keyContext(recordId)));
  }

  /** Seals salt and bytes of one form together, bound to record, path and kind. */
  sealLeaf(path: string, kind: LeafKindCode, { salt, bytes }: LeafContent): Uint8Array {
    return seal(this.#key, Buffer.concat([getBytes(salt), bytes]), this.#context(path, kind));
  }

  /** @throws SealBroken */
  openLeaf(path: string, kind: LeafKindCode, sealed: Uint8Array): LeafContent {
    const opened = unseal(this.#key, sealed, this.#context(path, kind));
    if (opened === undefined || opened.length < SALT_BYTES) throw new SealBroken(`${path} of record ${this.#recordId}`);
    return { salt: hexlify(opened.subarray(0, SALT_BYTES)), bytes: opened.subarray(SALT_BYTES) };
  }

  /** Seals the salt of the record's header. */
  sealHeaderSalt(salt: string): Uint8Array {
    return seal(this.#key, getBytes(salt), this.#context("header", null));
  }

  /** @throws SealBroken */
  openHeaderSalt(sealed: Uint8Array): string {
    const salt = unseal(this.#key, sealed, this.#context("header", null));
    if (salt === undefined) throw new SealBroken(`The header of record ${this.#recordId}`);
    return hexlify(salt);
  }

  /** Seals the key with which the record was encrypted for an order, bound to that order; `order` as `orderText` has it. */
  sealContentKey(order: string, contentKey: Uint8Array): Uint8Array {
    return seal(this.#key, contentKey, this.#context(order, null));
  }

  /** @throws SealBroken */
  openContentKey(order: string, sealed: Uint8Array): Uint8Array {
    const key = unseal(this.#key, sealed, this.#context(order, null));
    if (key === undefined) throw new SealBroken(`The content key of record ${this.#recordId}`);
    return key;
  }

  #context(part: string, kind: LeafKindCode | null): string {
    return JSON.stringify(["record", this.#recordId, part, kind]);
  }
}

function keyContext(recordId: string): string {
  return `record ${recordId}`;
}
