import { type DecidedBlock, readDecidedBlock } from "../decided.js";
import { fetchJson } from "../http/fetchJson.js";
import { type LocalRequest, RequestRefused, type RunningServer, serveLocally } from "../http/loopbackServer.js";
import { type Message, readMessage } from "./message.js";
import { type PeerAddress, PeerQueue } from "./peerQueue.js";
import { MAX_BLOCKS_READ, type Receiver, type Transport } from "./transport.js";

/** The peer's address is not known. */
export class PeerUnreachable extends Error {
  override readonly name = "PeerUnreachable";

  constructor(peer: string) {
    super(`The address of the peer ${peer} is not known: wait until it has said where it listens, or ask another.`);
  }
}

/** A delivery: the greatest message is a block in hex, with the verdicts for it. */
const MAX_BODY = 4 * 1_048_576;

/** Characters of an answer with blocks, at most, unless a single block is longer. */
const MAX_ANSWER = 4 * 1_048_576;
const MAX_MESSAGES = 1_024;

/** Milliseconds that a peer has to send blocks. */
const TIMEOUT = 5_000;

/** Connects nodes in several processes of one machine: JSON over HTTP on 127.0.0.1. */
export class HttpTransport implements Transport {
  readonly #name: string;
  readonly #queues = new Map<string, { readonly url: string; readonly queue: PeerQueue }>();
  readonly #others: (request: LocalRequest) => Promise<unknown>;
  #server: RunningServer | undefined;
  #receiver: Receiver | undefined;

  private constructor(name: string, others: (request: LocalRequest) => Promise<unknown>) {
    this.#name = name;
    this.#others = others;
  }

  /**
   * Opens a port for the peers.
   *
   * @param name what this node is called.
   * @param others answers what is asked beside messages and blocks; by default nothing is.
   */
  static async open(
    name: string,
    others: (request: LocalRequest) => Promise<unknown> = unknownPath,
  ): Promise<HttpTransport> {
    const transport = new HttpTransport(name, others);
    transport.#server = await serveLocally(0, { maxBody: MAX_BODY, answer: (request) => transport.#answer(request) });
    return transport;
  }

  /** Where the peers reach this node. */
  get url(): string {
    return this.#server?.url ?? "";
  }

  /** Sets who the peers are. Those that stay keep what is on its way to them. */
  setPeers(peers: readonly PeerAddress[]): void {
    const others = peers.filter(({ name }) => name !== this.#name);
    const urls = new Map(others.map(({ name, url }) => [name, url]));
    for (const [name, { url, queue }] of this.#queues) {
      if (urls.get(name) === url) continue;
      queue.close();
      this.#queues.delete(name);
    }
    for (const [name, url] of urls) {
      if (!this.#queues.has(name)) this.#queues.set(name, { url, queue: new PeerQueue(url, this.#name) });
    }
  }

  listen(receiver: Receiver): void {
    this.#receiver = receiver;
  }

  broadcast(message: Message): void {
    const text = JSON.stringify(message);
    for (const { queue } of this.#queues.values()) queue.push(text);
  }

  async blocksOf(peer: string, from: number, count: number): Promise<DecidedBlock[]> {
    const url = this.#queues.get(peer)?.url;
    if (url === undefined) throw new PeerUnreachable(peer);
    const blocks = await fetchJson(`${url}/blocks?from=${from}&count=${count}`, { timeout: TIMEOUT });
    if (!Array.isArray(blocks)) throw new PeerUnreachable(peer);
    return blocks.slice(0, MAX_BLOCKS_READ).map(readDecidedBlock);
  }

  async close(): Promise<void> {
    for (const { queue } of this.#queues.values()) queue.close();
    this.#queues.clear();
    await this.#server?.close();
  }

  async #answer(request: LocalRequest): Promise<unknown> {
    const { method, url } = request;
    if (method === "POST" && url.pathname === "/messages") return this.#take(request.body);
    if (method === "GET" && url.pathname === "/blocks") return this.#blocks(url.searchParams);
    return this.#others(request);
  }

  #take(body: unknown): undefined {
    const { from, messages } = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
    if (typeof from !== "string" || !Array.isArray(messages) || messages.length > MAX_MESSAGES) {
      throw new RequestRefused(400, `Send from, and at most ${MAX_MESSAGES} messages.`);
    }
    for (const json of messages) {
      const message = readable(json);
      if (message !== undefined) this.#receiver?.receive(message, from);
    }
  }

  async #blocks(query: URLSearchParams): Promise<DecidedBlock[]> {
    const [from, count] = [Number(query.get("from")), Number(query.get("count"))];
    const isRange = Number.isSafeInteger(from) && Number.isSafeInteger(count) && from >= 0 && count > 0;
    if (!isRange) throw new RequestRefused(400, "Give from and count as whole numbers.");
    const blocks = (await this.#receiver?.read(from, Math.min(count, MAX_BLOCKS_READ))) ?? [];
    let length = 0;
    const end = blocks.findIndex((decided, index) => {
      length += JSON.stringify(decided).length;
      return index > 0 && length > MAX_ANSWER;
    });
    return end < 0 ? blocks : blocks.slice(0, end);
  }
}

/** What cannot be read counts as lost. */
function readable(json: unknown): Message | undefined {
  try {
    return readMessage(json);
  } catch {
    return undefined;
  }
}

async function unknownPath({ url }: LocalRequest): Promise<never> {
  throw new RequestRefused(404, `There is nothing at ${url.pathname}.`);
}
