import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import { type DeliveryPlace, orderText, placeText } from "./seal.js";

/** How content keys are wrapped (RFC 9180, HKDF-SHA256, AES-256-GCM): with the hybrid post-quantum X-Wing, or with X25519 alone. */
export type DeliverySuite = "X-Wing" | "X25519";

const SUITES: Readonly<Record<DeliverySuite, CipherSuite>> = {
  "X-Wing": suiteOf(new XWing()),
  X25519: suiteOf(new DhkemX25519HkdfSha256()),
};

const PUBLIC_KEY_BYTES: Readonly<Record<DeliverySuite, number>> = { "X-Wing": 1_216, X25519: 32 };
const ENCAPSULATION_BYTES: Readonly<Record<DeliverySuite, number>> = { "X-Wing": 1_120, X25519: 32 };
const PRIVATE_KEY_BYTES = 32;

/** To whom content keys are wrapped. */
export interface DeliveryPublicKey {
  readonly suite: DeliverySuite;
  /** 1,216 bytes (X-Wing) or 32 (X25519). */
  readonly publicKey: Uint8Array;
}

/** A content key, wrapped to a public key. */
export interface WrappedKey {
  /** 1,120 bytes (X-Wing) or 32 (X25519). */
  readonly encapsulation: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** The bytes are no key of the suite. */
export class DeliveryKeyInvalid extends Error {
  override readonly name = "DeliveryKeyInvalid";

  constructor(reason: string, options?: ErrorOptions) {
    super(`This is no key for deliveries (${reason}): make one with newDeliveryKeyPair`, options);
  }
}

/** A wrapped key does not open. */
export class KeyUnwrappable extends Error {
  override readonly name = "KeyUnwrappable";

  constructor(options?: ErrorOptions) {
    super("The content key does not open: it was wrapped to another key or for another order or record", options);
  }
}

/** A buyer's key pair. The private key shows neither in logs nor as JSON; only {@link privateKeyOf} gives it. */
export class DeliveryKeyPair implements DeliveryPublicKey {
  readonly suite: DeliverySuite;
  readonly publicKey: Uint8Array;
  readonly #privateKey: Uint8Array;

  /** @throws DeliveryKeyInvalid */
  constructor(suite: DeliverySuite, publicKey: Uint8Array, privateKey: Uint8Array) {
    checkPublicKey({ suite, publicKey });
    if (privateKey.length !== PRIVATE_KEY_BYTES) throw new DeliveryKeyInvalid("its private part has another length");
    this.suite = suite;
    this.publicKey = Uint8Array.from(publicKey);
    this.#privateKey = Uint8Array.from(privateKey);
  }

  /** The private key of a pair, to be kept where nobody reads it. */
  static privateKeyOf(pair: DeliveryKeyPair): Uint8Array {
    return Uint8Array.from(pair.#privateKey);
  }
}

/** Whether `text` names a suite. */
export function isDeliverySuite(text: string): text is DeliverySuite {
  return Object.hasOwn(SUITES, text);
}

/** A fresh key pair for one or more deliveries; `X-Wing` by default. */
export async function newDeliveryKeyPair(suite: DeliverySuite = "X-Wing"): Promise<DeliveryKeyPair> {
  const { kem } = SUITES[suite];
  const { publicKey, privateKey } = await kem.generateKeyPair();
  const [open, secret] = await Promise.all([kem.serializePublicKey(publicKey), kem.serializePrivateKey(privateKey)]);
  return new DeliveryKeyPair(suite, new Uint8Array(open), new Uint8Array(secret));
}

/** @throws DeliveryKeyInvalid when the bytes have not the suite's length */
export function checkPublicKey({ suite, publicKey }: DeliveryPublicKey): void {
  const expected = PUBLIC_KEY_BYTES[suite];
  if (publicKey.length === expected) return;
  throw new DeliveryKeyInvalid(`a public key of ${suite} has ${expected} bytes, not ${publicKey.length}`);
}

/**
 * Wraps a record's content key to the buyer. What comes out opens for this chain, market, order and record only.
 *
 * @param contentKey 32 bytes
 * @throws DeliveryKeyInvalid when nothing can be wrapped to the key
 */
export async function wrapContentKey(
  { suite, publicKey }: DeliveryPublicKey,
  contentKey: Uint8Array,
  place: DeliveryPlace,
): Promise<WrappedKey> {
  checkPublicKey({ suite, publicKey });
  const hpke = SUITES[suite];
  try {
    const recipientPublicKey = await hpke.kem.deserializePublicKey(owned(publicKey));
    const { enc, ct } = await hpke.seal(
      { recipientPublicKey, info: utf8(orderText(place)) },
      owned(contentKey),
      utf8(placeText(place)),
    );
    return { encapsulation: new Uint8Array(enc.slice(0)), ciphertext: new Uint8Array(ct.slice(0)) };
  } catch (cause) {
    // A key of the right length may still be no point or polynomial.
    throw new DeliveryKeyInvalid("nothing can be wrapped to it", { cause });
  }
}

/**
 * Opens what {@link wrapContentKey} wrapped.
 *
 * @returns 32 bytes
 * @throws KeyUnwrappable for another key pair, chain, market, order or record, or if a bit was changed
 */
export async function unwrapContentKey(
  pair: DeliveryKeyPair,
  { encapsulation, ciphertext }: WrappedKey,
  place: DeliveryPlace,
): Promise<Uint8Array> {
  const hpke = SUITES[pair.suite];
  if (encapsulation.length !== ENCAPSULATION_BYTES[pair.suite]) throw new KeyUnwrappable();
  try {
    const recipientKey = await hpke.kem.deserializePrivateKey(owned(DeliveryKeyPair.privateKeyOf(pair)));
    const opened = await hpke.open(
      { recipientKey, enc: owned(encapsulation), info: utf8(orderText(place)) },
      owned(ciphertext),
      utf8(placeText(place)),
    );
    return new Uint8Array(opened.slice(0));
  } catch (cause) {
    throw new KeyUnwrappable({ cause });
  }
}

function suiteOf(kem: XWing | DhkemX25519HkdfSha256): CipherSuite {
  return new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes256Gcm() });
}

/** A buffer of its own: views of pooled buffers would show the library what is beside them. */
function owned(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

function utf8(text: string): ArrayBuffer {
  return owned(new TextEncoder().encode(text));
}
