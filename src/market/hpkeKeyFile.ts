import { isJsonObject, stringIn } from "../records/json.js";
import { DeliveryKeyInvalid, DeliveryKeyPair, isDeliverySuite } from "./hpke.js";

/**
 * A key pair as text for a file that only its owner may read: JSON with `suite`, `publicKey` and `privateKey` (base64url).
 */
export function deliveryKeyText(pair: DeliveryKeyPair): string {
  const { suite, publicKey } = pair;
  const privateKey = encoded(DeliveryKeyPair.privateKeyOf(pair));
  return `${JSON.stringify({ suite, publicKey: encoded(publicKey), privateKey })}\n`;
}

/**
 * Reads what {@link deliveryKeyText} wrote.
 *
 * @throws DeliveryKeyInvalid
 */
export function readDeliveryKey(text: string): DeliveryKeyPair {
  const value = parsed(text);
  const suite = stringIn(value, "suite") ?? "";
  if (!isJsonObject(value) || !isDeliverySuite(suite)) throw new DeliveryKeyInvalid("it names no suite");
  return new DeliveryKeyPair(suite, decoded(value.publicKey), decoded(value.privateKey));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DeliveryKeyInvalid("it is not JSON");
  }
}

function encoded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

function decoded(value: unknown): Uint8Array {
  return Buffer.from(typeof value === "string" ? value : "", "base64url");
}
