import type { DecidedBlock } from "../decided.js";
import type { Message } from "./message.js";
import { MAX_BLOCKS_READ, type Receiver, type Transport } from "./transport.js";

/** The peer is not on this hub. */
export class PeerUnknown extends Error {
  override readonly name = "PeerUnknown";

  constructor(peer: string) {
    super(`There is no peer ${peer} here: wait until it is connected, or ask another.`);
  }
}

/** Connects the nodes of one process. What is sent arrives in order, in a turn of its own, so that nobody calls anybody back. */
export class InProcessHub {
  readonly #receivers = new Map<string, Receiver>();
  #underway = 0;

  /** A node's access to the hub, under its name. */
  connect(name: string): Transport {
    return {
      listen: (receiver) => void this.#receivers.set(name, receiver),
      broadcast: (message) => this.#broadcast(name, message),
      blocksOf: (peer, from, count) => this.#blocksOf(peer, from, count),
      close: async () => void this.#receivers.delete(name),
    };
  }

  /** Whether every message has arrived. */
  get isQuiet(): boolean {
    return this.#underway === 0;
  }

  #broadcast(from: string, message: Message): void {
    for (const name of this.#receivers.keys()) {
      if (name === from) continue;
      this.#underway += 1;
      setImmediate(() => {
        this.#underway -= 1;
        this.#receivers.get(name)?.receive(message, from);
      });
    }
  }

  async #blocksOf(peer: string, from: number, count: number): Promise<DecidedBlock[]> {
    const receiver = this.#receivers.get(peer);
    if (receiver === undefined) throw new PeerUnknown(peer);
    return receiver.read(from, Math.min(count, MAX_BLOCKS_READ));
  }
}
