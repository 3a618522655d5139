import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { isHexString, keccak256 } from "ethers";
import { checksummed } from "../accounts/address.js";

const ALGORITHM = "aes-256-gcm";
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Where an order stands. */
export interface OrderPlace {
  readonly chainId: bigint;
  /** Address of the data market. */
  readonly market: string;
  /** From 1. */
  readonly orderId: number;
}

/** What a delivered record is bound to: it opens for this chain, market, order and record only. */
export interface DeliveryPlace extends OrderPlace {
  /** 32 bytes in hex. */
  readonly recordId: string;
}

/** A record as it is delivered. */
export interface SealedDelivery {
  /** 32 fresh random bytes, of this record in this order only. */
  readonly contentKey: Uint8Array;
  /** iv (12 bytes), ciphertext, tag (16). */
  readonly ciphertext: Uint8Array;
  /** keccak256 of `ciphertext`, 32 bytes in hex. */
  readonly ciphertextHash: string;
  /** keccak256 of `contentKey`, 32 bytes in hex. */
  readonly keyHash: string;
}

/** The place names no order or record. */
export class DeliveryPlaceInvalid extends Error {
  override readonly name = "DeliveryPlaceInvalid";

  constructor(field: keyof DeliveryPlace, remedy: string) {
    super(`A delivery has no such ${field}: give ${remedy}`);
  }
}

/** A delivered record does not decrypt. */
export class DeliveryUndecryptable extends Error {
  override readonly name = "DeliveryUndecryptable";

  constructor(recordId: string) {
    super(`Record ${recordId} does not decrypt with the key that the provider committed to: dispute the order`);
  }
}

/**
 * The text that stands for an order: `healthchain:order:<chainId>:<market in lower case>:<orderId>`.
 *
 * @throws DeliveryPlaceInvalid, InvalidAddress
 */
export function orderText({ chainId, market, orderId }: OrderPlace): string {
  if (chainId <= 0n) throw new DeliveryPlaceInvalid("chainId", "the chain's id, above 0");
  if (!Number.isInteger(orderId) || orderId < 1)
    throw new DeliveryPlaceInvalid("orderId", "the order's number, from 1");
  return `healthchain:order:${chainId}:${checksummed(market, "data market").toLowerCase()}:${orderId}`;
}

/**
 * The text that stands for a record in an order, {@link orderText} and `:<recordId in lower case>`: what its encryption authenticates.
 *
 * @throws DeliveryPlaceInvalid, InvalidAddress
 */
export function placeText(place: DeliveryPlace): string {
  const { recordId } = place;
  if (!isHexString(recordId, 32)) throw new DeliveryPlaceInvalid("recordId", "a record's id, 32 bytes in hex");
  return `${orderText(place)}:${recordId.toLowerCase()}`;
}

/**
 * Encrypts a record for an order (AES-256-GCM under a fresh key).
 *
 * @param plaintext the record's Bundle
 * @throws DeliveryPlaceInvalid, InvalidAddress
 */
export function sealDelivery(plaintext: Uint8Array, place: DeliveryPlace): SealedDelivery {
  const contentKey = randomBytes(KEY_BYTES);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, contentKey, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(placeText(place)));
  const ciphertext = Buffer.concat([iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  return { contentKey, ciphertext, ciphertextHash: keccak256(ciphertext), keyHash: keccak256(contentKey) };
}

/**
 * Decrypts what {@link sealDelivery} encrypted.
 *
 * @throws DeliveryUndecryptable for another key or place, or if a bit was changed; DeliveryPlaceInvalid, InvalidAddress
 */
export function openDelivery(ciphertext: Uint8Array, contentKey: Uint8Array, place: DeliveryPlace): Uint8Array {
  const aad = Buffer.from(placeText(place));
  const end = ciphertext.length - TAG_BYTES;
  if (contentKey.length !== KEY_BYTES || end < IV_BYTES) throw new DeliveryUndecryptable(place.recordId);
  const iv = ciphertext.subarray(0, IV_BYTES);
  const decipher = createDecipheriv(ALGORITHM, contentKey, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(aad).setAuthTag(ciphertext.subarray(end));
  const plaintext = decipher.update(ciphertext.subarray(IV_BYTES, end));
  try {
    return Buffer.concat([plaintext, decipher.final()]);
  } catch {
    throw new DeliveryUndecryptable(place.recordId);
  }
}
