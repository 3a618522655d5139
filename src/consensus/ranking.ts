import type { BlockTag } from "ethers";
import type { ValidatorRegistry } from "../../types/ethers-contracts/index.js";
import { providerOf } from "../provider.js";
import { type Rank, unpackRank } from "./rank.js";

/** A candidate that stands. */
export interface RankedCandidate {
  /** The institution's number. */
  readonly candidate: number;
  /** Checksummed address of the institution's wallet. */
  readonly operator: string;
  /** In gwei of coin. */
  readonly power: bigint;
}

/** How much of the ranking is read, and when. */
export interface RankingOptions {
  /** Candidates at most, from the top; each is one call. Default: 128, as many as can ever be validators. */
  readonly limit?: number;
  /** Default: the newest block. */
  readonly blockTag?: BlockTag;
}

/** The number of both ends of the ranking. */
const END = 0;

/** Stake in wei that votes as one; a part of a gwei does not vote. */
const GWEI = 1_000_000_000n;

/**
 * The candidates that stand, with the most power first.
 *
 * @throws {ProviderMissing}, and what the node throws.
 */
export async function readRanking(
  registry: ValidatorRegistry,
  { limit = 128, blockTag }: RankingOptions = {},
): Promise<RankedCandidate[]> {
  const rankOf = await rankingAt(registry, blockTag);
  const ranking: RankedCandidate[] = [];
  let { next } = await rankOf(END);
  while (next !== END && ranking.length < limit) {
    const { operator = "", power, next: below } = await rankOf(next);
    ranking.push({ candidate: next, operator, power });
    next = below;
  }
  return ranking;
}

/**
 * The candidate that will be next above in the ranking, which saves the contract the search for it: the hint of all that
 * moves a candidate. If it is wrong by the time it is used, that costs gas only.
 *
 * @param candidate who is moved, standing or not.
 * @param power what it will have, in gwei of coin.
 * @returns its number; 0 for the top.
 * @throws {ProviderMissing}, and what the node throws.
 */
export async function findHint(registry: ValidatorRegistry, candidate: number, power: bigint): Promise<number> {
  const rankOf = await rankingAt(registry);
  const own = await rankOf(candidate);
  // Who stands rarely moves far; who comes begins at the end.
  let above = own.power === 0n ? (await rankOf(END)).previous : own.previous;
  let rank = await rankOf(above);
  while (above !== END && rank.power < power) {
    above = rank.previous;
    rank = await rankOf(above);
  }
  for (let below = rank.next; below !== END; below = rank.next) {
    rank = await rankOf(below);
    if (below === candidate) continue;
    if (rank.power < power) break;
    above = below;
  }
  return above;
}

/**
 * The hint for a candidate whose stake changes now: see {@link findHint}. One that does not stand needs none, unless it is
 * about to.
 *
 * @param change in wei of coin; negative for stake that leaves.
 * @throws {ProviderMissing}, and what the node throws.
 */
export async function hintAfter(registry: ValidatorRegistry, candidate: number, change: bigint): Promise<number> {
  const { bonded } = await registry.poolOf(candidate);
  return findHint(registry, candidate, (bonded + change) / GWEI);
}

/** Reads ranks at one block, so that the links fit together while the chain goes on. */
async function rankingAt(
  registry: ValidatorRegistry,
  blockTag?: BlockTag,
): Promise<(candidate: number) => Promise<Rank>> {
  const at = blockTag ?? (await providerOf(registry).getBlockNumber());
  return async (candidate) => unpackRank(await registry.ranks(candidate, { blockTag: at }));
}
