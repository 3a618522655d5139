/** Where a node is reached. */
export interface PeerAddress {
  /** What the peer is called: a validator's checksummed address, or `gateway`. */
  readonly name: string;
  readonly url: string;
}

/** Milliseconds that a peer has to take what it is sent. */
const TIMEOUT = 2_000;

/** Milliseconds before a peer that failed is tried again. */
const PAUSE = 250;

/** Messages that wait for one peer, at most. */
const MAX_WAITING = 512;

/** Characters of one delivery, at most, unless a single message is longer. */
const MAX_DELIVERY = 1_048_576;

/**
 * What is on its way to one peer. What cannot be delivered is lost: whatever matters is said again while it matters. So a
 * peer that is slow or dead costs no more than its queue.
 */
export class PeerQueue {
  readonly #url: string;
  readonly #from: string;
  #waiting: string[] = [];
  #isRunning = false;
  #isClosed = false;

  constructor(url: string, from: string) {
    this.#url = url;
    this.#from = from;
  }

  /** @param message as JSON. */
  push(message: string): void {
    if (this.#waiting.length >= MAX_WAITING) this.#waiting.shift();
    this.#waiting.push(message);
    if (!this.#isRunning) void this.#run();
  }

  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    // What is sent in one turn of the event loop goes in one delivery.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0 && !this.#isClosed) {
      if (!(await this.#deliver(this.#next()))) await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
    this.#isRunning = false;
  }

  #next(): string[] {
    let length = 0;
    const end = this.#waiting.findIndex((message, index) => {
      length += message.length;
      return index > 0 && length > MAX_DELIVERY;
    });
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : end);
  }

  async #deliver(messages: readonly string[]): Promise<boolean> {
    try {
      const response = await fetch(`${this.#url}/messages`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: `{"from":${JSON.stringify(this.#from)},"messages":[${messages.join(",")}]}`,
        signal: AbortSignal.timeout(TIMEOUT),
      });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }
}
