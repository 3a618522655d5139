import type { TypedDomain } from "../../../src/eip712.js";
import { PeerRecordInvalid, readPeerRecord, type SignedPeerRecord } from "./peerRecord.js";

/** More than there can be validators, with some that are not elected yet. */
const MAX_PEERS = 256;

/** The gateway's list of where validators listen. */
export class PeerBook {
  readonly #domain: TypedDomain;
  readonly #records = new Map<string, SignedPeerRecord>();

  constructor(domain: TypedDomain) {
    this.#domain = domain;
  }

  /** The last record of each validator. */
  records(): SignedPeerRecord[] {
    return [...this.#records.values()];
  }

  /**
   * Takes a record in, from JSON that nobody has checked. One that is not newer than what is known changes nothing.
   *
   * @returns whether it changed something.
   * @throws {PeerRecordInvalid}
   */
  add(json: unknown): boolean {
    if (this.#isKnown(json)) return false;
    const record = readPeerRecord(json, this.#domain);
    const known = this.#records.get(record.validator);
    if (known !== undefined && known.since >= record.since) return false;
    if (known === undefined && this.#records.size >= MAX_PEERS) throw new PeerRecordInvalid("the list is full");
    this.#records.set(record.validator, record);
    return true;
  }

  /** Nodes say again and again where they listen; what is known need not be verified again. */
  #isKnown(json: unknown): boolean {
    if (typeof json !== "object" || json === null || !("validator" in json) || !("signature" in json)) return false;
    return this.#records.get(String(json.validator))?.signature === json.signature;
  }
}
