import type { DecidedBlock } from "../decided.js";
import { MAX_BLOCKS_READ, type Transport } from "../transport/transport.js";

/** What a node gives its {@link CatchUp} to work with. */
export interface CatchUpOptions {
  readonly transport: Transport;
  /** Height of the node's last decided block. */
  readonly height: () => number;
  /** Checks and adds the next decided block; whether it was good. A block that is known already is. */
  readonly append: (decided: DecidedBlock) => Promise<boolean>;
}

/** Gets decided blocks from peers that are ahead. What they send proves itself by its certificates and by the replay. */
export class CatchUp {
  readonly #options: CatchUpOptions;
  readonly #heights = new Map<string, number>();
  #running: Promise<void> | undefined;

  constructor(options: CatchUpOptions) {
    this.#options = options;
  }

  /** Whether nothing is under way. */
  get isIdle(): boolean {
    return this.#running === undefined;
  }

  /** Notes how far a peer says it is. */
  hear(peer: string, height: number): void {
    this.#heights.set(peer, height);
  }

  /** Begins to fetch, unless it is under way or nobody is ahead. */
  start(): void {
    if (this.#running !== undefined || this.#best() === undefined) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async #run(): Promise<void> {
    for (let peer = this.#best(); peer !== undefined; peer = this.#best()) {
      // A peer that is of no help is asked again when it says again how far it is.
      if (!(await this.#fetchFrom(peer))) this.#heights.delete(peer);
    }
  }

  async #fetchFrom(peer: string): Promise<boolean> {
    const from = this.#options.height() + 1;
    try {
      const blocks = await this.#options.transport.blocksOf(peer, from, MAX_BLOCKS_READ);
      for (const decided of blocks) {
        if (!(await this.#options.append(decided))) return false;
      }
      return this.#options.height() >= from;
    } catch {
      return false;
    }
  }

  /** A peer that is ahead, and the farthest. */
  #best(): string | undefined {
    let best: string | undefined;
    let highest = this.#options.height();
    for (const [peer, height] of this.#heights) {
      if (height > highest) [best, highest] = [peer, height];
    }
    return best;
  }
}
