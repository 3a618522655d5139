import type { BlockTag } from "ethers";
import type { ValidatorRegistry } from "../../types/ethers-contracts/index.js";
import { blockAt, providerOf } from "../provider.js";
import { type Candidates, candidatesAt } from "./candidates.js";
import { currentEpochOf, type ElectedSet, electedSetOf } from "./electedSet.js";
import { unpackEpoch } from "./epoch.js";
import { type RecentBlock, recentBlocks, slotClockOf } from "./recentBlocks.js";
import { slotAt } from "./slot.js";
import {
  type ConsensusContracts,
  confirmedBlocksOf,
  type ValidatorStatus,
  validatorStatuses,
} from "./validatorStatus.js";

/** How much is asked for, and when. */
export interface StatusOptions {
  /** Blocks to look back on, at most 256. Default: 10. */
  readonly recent?: number;
  /** Slots to look ahead to, not negative. Default: 10. */
  readonly upcoming?: number;
  /** Default: the newest block. */
  readonly blockTag?: BlockTag;
}

/** Whose turn a slot to come is, as long as the present epoch lasts. */
export interface UpcomingLeader {
  readonly slot: number;
  /** Checksummed address of the validator. */
  readonly leader: string;
}

/** Where the chain stands. */
export interface ConsensusStatus {
  /** Number of the newest block; all the rest is as of it. */
  readonly head: number;
  /** The slot that its timestamp is in. */
  readonly slot: number;
  /**
   * Number of the last block that the certifier knows to be confirmed; before the first, the last block that needs no
   * confirmation, because it came before the first set: the one that elected it, or 0 before that.
   */
  readonly confirmed: number;
  /** Number of the epoch; 0 before the first election. */
  readonly epoch: number;
  /** When the next election is due, in seconds since 1970; undefined before the first, which is due at any time. */
  readonly nextElection: number | undefined;
  /** Blocks of this epoch that are confirmed, as far as they count for the participation. */
  readonly confirmedInEpoch: number;
  /** In the order of their seats; none before the first election. */
  readonly validators: readonly ValidatorStatus[];
  /** The slots after the newest block's. */
  readonly nextLeaders: readonly UpcomingLeader[];
  readonly candidates: Candidates;
  /** The oldest first. */
  readonly recent: readonly RecentBlock[];
}

/**
 * Who validates, whose turn it is, who takes part, and which blocks were made last; all read at one block, so that it fits
 * together while the chain goes on.
 *
 * @throws {ProviderMissing}, {@link BlockUnknown}, and what the node throws.
 */
export async function consensusStatus(
  contracts: ConsensusContracts,
  { recent = 10, upcoming = 10, blockTag = "latest" }: StatusOptions = {},
): Promise<ConsensusStatus> {
  const { validatorRegistry: registry, blockCertifier: certifier } = contracts;
  const { number: head, timestamp } = await blockAt(providerOf(registry), blockTag);
  const [clock, { number: epoch }, confirmed, candidates, blocks] = await Promise.all([
    slotClockOf(registry),
    currentEpochOf(registry, head),
    certifier.confirmedHeight({ blockTag: head }),
    candidatesAt(registry, head),
    recentBlocks(registry, head, recent),
  ]);
  const slot = slotAt(timestamp, clock);
  const elected = epoch === 0 ? undefined : await electedSetOf(registry, epoch, head);
  const ofEpoch = elected === undefined ? NOBODY : await epochStatus(contracts, elected, head);
  const nextLeaders = elected === undefined ? [] : leadersAfter(elected, slot, upcoming);
  const final = confirmed === 0n && epoch !== 0 ? await lastUnaudited(registry, head) : Number(confirmed);
  return { head, slot, confirmed: final, epoch, ...ofEpoch, nextLeaders, candidates, recent: blocks };
}

/** The last block before the first set, as long as the registry knows it; 0 afterwards. */
async function lastUnaudited(registry: ValidatorRegistry, blockTag: number): Promise<number> {
  if ((await registry.oldestEpoch({ blockTag })) !== 1n) return 0;
  return unpackEpoch(await registry.epochOf(1, { blockTag })).firstBlock - 1;
}

type EpochStatus = Pick<ConsensusStatus, "nextElection" | "confirmedInEpoch" | "validators">;

const NOBODY: EpochStatus = { nextElection: undefined, confirmedInEpoch: 0, validators: [] };

async function epochStatus(contracts: ConsensusContracts, elected: ElectedSet, head: number): Promise<EpochStatus> {
  const [{ epochLength }, confirmedInEpoch] = await Promise.all([
    contracts.validatorRegistry.rules({ blockTag: head }),
    confirmedBlocksOf(contracts.blockCertifier, elected, head),
  ]);
  return {
    nextElection: elected.epoch.startedAt + Number(epochLength),
    confirmedInEpoch,
    validators: await validatorStatuses(contracts, elected, confirmedInEpoch, head),
  };
}

function leadersAfter({ set }: ElectedSet, slot: number, count: number): UpcomingLeader[] {
  return Array.from({ length: count }, (_, at) => {
    const next = slot + 1 + at;
    return { slot: next, leader: set.seats[set.leaderSeat(next)]?.validator ?? "" };
  });
}
