import type { TypedDomain } from "../../../src/eip712.js";
import { fetchJson } from "../http/fetchJson.js";
import type { HttpTransport } from "../transport/http.js";
import { GATEWAY } from "./gateway.js";
import { PeerBook } from "./peerBook.js";
import type { SignedPeerRecord } from "./peerRecord.js";

/** Milliseconds between two visits to the gateway. */
const INTERVAL = 1_000;

/** Milliseconds that the gateway has to answer. */
const TIMEOUT = 2_000;

/** Says to the gateway again and again where this node listens, and learns from it where the others do. */
export class Registration {
  readonly #gateway: string;
  readonly #record: SignedPeerRecord;
  readonly #transport: HttpTransport;
  readonly #book: PeerBook;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  /**
   * @param gateway its url.
   * @param record where this node listens.
   * @param transport gets the peers.
   */
  constructor(gateway: string, record: SignedPeerRecord, transport: HttpTransport, domain: TypedDomain) {
    this.#gateway = gateway;
    this.#record = record;
    this.#transport = transport;
    this.#book = new PeerBook(domain);
  }

  /** Resolves after the first visit, whatever came of it. */
  async start(): Promise<void> {
    await this.#visit();
    if (this.#isStopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.start(), INTERVAL);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #visit(): Promise<void> {
    try {
      const records = await fetchJson(`${this.#gateway}/peers`, { timeout: TIMEOUT, post: this.#record });
      if (Array.isArray(records)) this.#learn(records);
    } catch {
      // The peers that are known stay known; the next visit may do better.
    }
  }

  #learn(records: readonly unknown[]): void {
    for (const record of records) this.#book.add(record);
    const peers = this.#book.records().map(({ validator, url }) => ({ name: validator, url }));
    this.#transport.setPeers([...peers, { name: GATEWAY, url: this.#gateway }]);
  }
}
