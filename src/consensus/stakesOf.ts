import type { BlockTag } from "ethers";
import type { ValidatorRegistry } from "../../types/ethers-contracts/index.js";
import { type BlockRange, eventsAbout, type LoggedEvent } from "../eventLog.js";
import { providerOf } from "../provider.js";
import { currentEpochOf } from "./electedSet.js";

/** What an account has with one candidate. */
export interface Stake {
  /** The institution's number. */
  readonly candidate: number;
  /** At stake, after any slash, in wei of coin. */
  readonly amount: bigint;
  /** Earned and not claimed, commission included, in wei of coin. */
  readonly rewards: bigint;
}

/** Stake that left a candidate and was not claimed. */
export interface Unbonding {
  readonly candidate: number;
  /** The epoch in which it left. */
  readonly epoch: number;
  /** Before any slash, in wei of coin. */
  readonly amount: bigint;
  /** The first epoch in which it can be claimed, by the rules of now. */
  readonly until: number;
  /** Whether that epoch has come. */
  readonly isOver: boolean;
}

/** All that an account has in the registry. */
export interface AccountStakes {
  readonly stakes: readonly Stake[];
  readonly unbonding: readonly Unbonding[];
}

/**
 * What an account has at stake, has earned and is getting back, with every candidate that it ever backed, as its events
 * tell. Everything is read at one block.
 *
 * @param account its address.
 * @param range where to look for its events; the whole chain by default. What is read is of the range's last block.
 * @throws {ProviderMissing}, and what the node throws.
 */
export async function stakesOf(
  registry: ValidatorRegistry,
  account: string,
  { fromBlock = 0, toBlock }: BlockRange = {},
): Promise<AccountStakes> {
  const blockTag = toBlock ?? (await providerOf(registry).getBlockNumber());
  const events = await eventsAbout(registry, "delegator", account, { fromBlock, toBlock: blockTag });
  const [stakes, unbonding] = await Promise.all([
    Promise.all(candidatesIn(events).map((candidate) => stakeOf(registry, account, candidate, blockTag))),
    unbondingsOf(registry, account, departuresIn(events), blockTag),
  ]);
  return {
    stakes: stakes.filter(({ amount, rewards }) => amount !== 0n || rewards !== 0n),
    unbonding: unbonding.filter(({ amount }) => amount !== 0n),
  };
}

/** The candidates that the events name: of a redelegation both. */
function candidatesIn(events: readonly LoggedEvent[]): number[] {
  const named = events.flatMap(({ args }) => [args.candidate, args.from, args.to]);
  return [...new Set(named.filter((value) => value !== undefined).map(Number))].sort((a, b) => a - b);
}

/** Whom stake left, and in which epoch; each once. */
function departuresIn(events: readonly LoggedEvent[]): { readonly candidate: number; readonly epoch: number }[] {
  const left = events.filter(({ event }) => event === "Undelegated");
  const distinct = new Map(
    left.map(({ args }) => [
      `${args.candidate} ${args.epoch}`,
      { candidate: Number(args.candidate), epoch: Number(args.epoch) },
    ]),
  );
  return [...distinct.values()].sort((a, b) => a.epoch - b.epoch || a.candidate - b.candidate);
}

async function stakeOf(
  registry: ValidatorRegistry,
  account: string,
  candidate: number,
  blockTag: BlockTag,
): Promise<Stake> {
  const [amount, rewards] = await Promise.all([
    registry.stakeOf(candidate, account, { blockTag }),
    registry.rewardsOf(candidate, account, { blockTag }),
  ]);
  return { candidate, amount, rewards };
}

async function unbondingsOf(
  registry: ValidatorRegistry,
  account: string,
  departures: ReturnType<typeof departuresIn>,
  blockTag: BlockTag,
): Promise<Unbonding[]> {
  const [current, { unbondingEpochs }] = await Promise.all([
    currentEpochOf(registry, blockTag),
    registry.rules({ blockTag }),
  ]);
  return Promise.all(
    departures.map(async ({ candidate, epoch }) => {
      const amount = await registry.unbondingOf(candidate, account, epoch, { blockTag });
      const until = epoch + Number(unbondingEpochs);
      return { candidate, epoch, amount, until, isOver: current.number >= until };
    }),
  );
}
