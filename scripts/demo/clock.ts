import type { InProcessNetwork } from "../../chain/hardhat/index.js";

/** The network's time, which the databases of a demo share. It stands still between two blocks. */
export class ChainClock {
  readonly #network: Pick<InProcessNetwork, "now" | "mine" | "advance">;

  constructor(network: Pick<InProcessNetwork, "now" | "mine" | "advance">) {
    this.#network = network;
  }

  /** The present. */
  now(): Date {
    return new Date(this.#network.now() * 1000);
  }

  /** The present in whole seconds since 1970: the timestamp of the newest block, or later. */
  seconds(): number {
    return Math.floor(this.#network.now());
  }

  /** Lets time pass until there is a block of the second `timestamp`, or a later one. Slots are a second long. */
  async travelTo(timestamp: number): Promise<void> {
    const pause = timestamp - 1 - this.seconds();
    if (pause > 0) await this.#network.advance(pause);
    while (this.seconds() < timestamp) await this.#network.mine();
  }
}
