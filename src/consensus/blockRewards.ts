import type { BlockCertifier } from "../../types/ethers-contracts/index.js";
import { type Mined, mined } from "../transaction.js";

/** What validators earn, and when they count as down. */
export interface BlockRewards {
  /** Coin for one confirmed block at most, in wei; the certifier's emission quota limits all of it. */
  readonly blockReward: bigint;
  /** The leader's part of it, in basis points; the rest is for the signers, by voting power. */
  readonly leaderShare: number;
  /** Blocks of an epoch that a validator has to sign, in basis points, at most 5,000; who signs fewer is jailed. */
  readonly minParticipation: number;
  /** Blocks from which on an epoch says something about who is down, 1 to 65,535. */
  readonly minBlocks: number;
}

/** The rewards in force. @throws what the node throws. */
export async function blockRewardsOf(certifier: BlockCertifier): Promise<BlockRewards> {
  const { blockReward, leaderShare, minParticipation, minBlocks } = await certifier.rewards();
  return {
    blockReward,
    leaderShare: Number(leaderShare),
    minParticipation: Number(minParticipation),
    minBlocks: Number(minBlocks),
  };
}

/**
 * Sets the rewards, for every epoch that is settled from now on. The certifier's runner is an operator of the consortium.
 *
 * @throws {ChainError} if the certifier refuses: not an operator, or a reward rule out of bounds.
 */
export function setBlockRewards(certifier: BlockCertifier, rewards: BlockRewards): Promise<Mined> {
  return mined(certifier, () => certifier.setRewards({ ...rewards }));
}
