import type { ValidatorRegistry } from "../../types/ethers-contracts/index.js";
import { blockAt, providerOf } from "../provider.js";
import { currentEpochOf } from "./electedSet.js";
import { unpackEpoch } from "./epoch.js";
import { type SlotClock, slotAt } from "./slot.js";

/** A block, with whose turn it was. */
export interface RecentBlock {
  readonly number: number;
  /** The slot that its timestamp is in. */
  readonly slot: number;
  /** Checksummed address of who made it. */
  readonly miner: string;
  /** Checksummed address of the validator whose slot it was, as `ValidatorRegistry.leaderAt` says. */
  readonly leader: string;
}

/** How many blocks are read at most. */
export const MAX_RECENT_BLOCKS = 256;

/**
 * The last blocks up to `head`, the oldest first. None of slots from before the first election, which were nobody's, nor of
 * an epoch whose set the registry does not keep any more.
 *
 * @param head number of the last block; everything is read as of it.
 * @param count 0 to {@link MAX_RECENT_BLOCKS}.
 * @throws {ProviderMissing}, {@link BlockUnknown}, and what the node throws.
 */
export async function recentBlocks(registry: ValidatorRegistry, head: number, count: number): Promise<RecentBlock[]> {
  const [clock, scheduledFrom] = await Promise.all([slotClockOf(registry), firstScheduledSlot(registry, head)]);
  const first = Math.max(head - Math.min(count, MAX_RECENT_BLOCKS) + 1, 0);
  const numbers = Array.from({ length: head - first + 1 }, (_, at) => first + at);
  const blocks = await Promise.all(numbers.map((number) => blockAt(providerOf(registry), number)));
  const scheduled = blocks
    .map(({ number, timestamp, miner }) => ({ number, slot: slotAt(timestamp, clock), miner }))
    .filter(({ slot }) => slot >= scheduledFrom);
  return Promise.all(
    scheduled.map(async (block) => ({ ...block, leader: await registry.leaderAt(block.slot, { blockTag: head }) })),
  );
}

/** When slot 0 began, and how long slots are. @throws what the node throws. */
export async function slotClockOf(registry: ValidatorRegistry): Promise<SlotClock> {
  const [genesis, slotTime] = await Promise.all([registry.genesis(), registry.slotTime()]);
  return { genesis: Number(genesis), slotTime: Number(slotTime) };
}

/** The first slot of the oldest epoch that is kept. */
async function firstScheduledSlot(registry: ValidatorRegistry, blockTag: number): Promise<number> {
  const { number } = await currentEpochOf(registry, blockTag);
  if (number === 0) return Number.POSITIVE_INFINITY;
  const oldest = await registry.oldestEpoch({ blockTag });
  return unpackEpoch(await registry.epochOf(oldest, { blockTag })).firstSlot;
}
