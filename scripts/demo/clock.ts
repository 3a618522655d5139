import type { NetworkConnection } from "hardhat/types/network";

/** The chain's time, which the databases of a demo share: the embedded chain's clock runs ahead of the machine's. */
export class ChainClock {
  readonly #connection: NetworkConnection;
  #ahead = 0;

  constructor(connection: NetworkConnection) {
    this.#connection = connection;
  }

  /** The present. */
  now(): Date {
    return new Date(Date.now() + this.#ahead);
  }

  /** Seconds since 1970 of the newest block. */
  async latest(): Promise<number> {
    const block = await this.#connection.ethers.provider.getBlock("latest");
    return block?.timestamp ?? 0;
  }

  /** Follows the chain, which adds a second for each block. */
  async follow(): Promise<void> {
    this.#ahead = Math.max(this.#ahead, (await this.latest()) * 1000 - Date.now());
  }

  /** Lets time pass until the second `timestamp`. */
  async travelTo(timestamp: number): Promise<void> {
    await this.#connection.networkHelpers.time.increaseTo(timestamp);
    await this.follow();
  }
}
