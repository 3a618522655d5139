import { keccak256, toUtf8Bytes } from "ethers";
import type { ManifestLeaf } from "../../src/market/manifest.js";

/**
 * What can be wrong with a delivery. `count`: not as many records as the chain says; `unreadable`: not what this service writes;
 * `manifest`: a leaf that is not under the root on the chain; `twice`: a record twice; `not-in-version`: a record that was not for sale;
 * `no-consent`: a grant that did not hold at the export; `ciphertext`, `content-key`: not what the leaf commits to; `undecryptable`;
 * `content`: not what doctor and patient signed, or not de-identified.
 */
export type DeliveryFault =
  | "count"
  | "unreadable"
  | "manifest"
  | "twice"
  | "not-in-version"
  | "no-consent"
  | "ciphertext"
  | "content-key"
  | "undecryptable"
  | "content";

/** A leaf with its proof, as `DataMarket.proveFraud` takes them. */
export interface DeliveredLeaf {
  readonly leaf: ManifestLeaf;
  readonly proof: readonly string[];
}

/** What a dispute can rest on. */
export interface DeliveryEvidence extends Partial<DeliveredLeaf> {
  readonly orderId: number;
  readonly fault: DeliveryFault;
  /** In words. */
  readonly detail: string;
}

/** Thrown for a delivery that is not what was bought. Nothing of it should be used. */
export class DeliveryFaulty extends Error {
  override readonly name = "DeliveryFaulty";
  readonly fault: DeliveryFault;
  readonly evidence: DeliveryEvidence;

  constructor(evidence: DeliveryEvidence, options?: ErrorOptions) {
    const { orderId, fault, detail, leaf } = evidence;
    const record = leaf === undefined ? "" : `, record ${leaf.recordId}`;
    super(`The delivery of order ${orderId} is faulty (${fault}${record}): ${detail}; dispute it in time`, options);
    this.fault = fault;
    this.evidence = evidence;
  }
}

/** Thrown when a delivery does not come in the time that the buyer gave it. */
export class DeliveryLate extends Error {
  override readonly name = "DeliveryLate";

  constructor(orderId: number, milliseconds: number) {
    super(`The delivery of order ${orderId} did not come within ${milliseconds / 1000} seconds: ask again later`);
  }
}

/** The hash that goes on the chain with a dispute, 32 bytes in hex: of the evidence as JSON. */
export function reasonHashOf(evidence: DeliveryEvidence): string {
  const { orderId, fault, detail, leaf, proof } = evidence;
  return keccak256(toUtf8Bytes(JSON.stringify({ orderId, fault, detail, leaf, proof })));
}
