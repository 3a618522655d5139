import type { DecidedBlock } from "../decided.js";
import type { Message } from "./message.js";

/** What a node does with what comes from others. */
export interface Receiver {
  /**
   * Takes a message. Returns at once.
   *
   * @param from the peer who says that it sent it; its statements are signed, the rest is a hint.
   */
  receive(message: Message, from: string): void;

  /** Decided blocks from a height on, for a peer that lacks them. */
  read(from: number, count: number): Promise<DecidedBlock[]>;
}

/** How a node talks to the others. Anything may get lost, come late, twice, or in another order. */
export interface Transport {
  /** Lets messages in. Until then they are lost. */
  listen(receiver: Receiver): void;

  /** Sends to all peers, and waits for none: a slow or dead one holds nobody up. */
  broadcast(message: Message): void;

  /**
   * Asks one peer for decided blocks.
   *
   * @throws if the peer does not answer, or not with blocks.
   */
  blocksOf(peer: string, from: number, count: number): Promise<DecidedBlock[]>;

  /** Ends all connections. */
  close(): Promise<void>;
}

/** Blocks that one answer brings, at most. */
export const MAX_BLOCKS_READ = 64;
