import { roundOf } from "../../../src/consensus/slot.js";
import { Phase, type Proposal, type Vote } from "../../../src/consensus/statement.js";
import { sameValue, type Value } from "../../../src/consensus/value.js";
import type { Block } from "../block.js";

/**
 * Why a block may not be in a proposal, whatever its execution gives; undefined if it may. A new block must be of the
 * round's own slot, one that is proposed again of an earlier one.
 *
 * @param value that the block stands for, as this node computes it.
 * @param parentSlot slot of the block before it.
 */
export function misfitOf(proposal: Proposal, block: Block, value: Value, parentSlot: number): string | undefined {
  const { round, validRound } = proposal;
  const blockRound = roundOf(block.slot, parentSlot);
  const isDue = validRound < 0 ? blockRound === round : blockRound >= 0 && blockRound <= validRound;
  if (!isDue) return `its slot, ${block.slot}, is not one of round ${validRound < 0 ? round : validRound}`;
  return sameValue(value, proposal) ? undefined : "it is not the block that its leader signed";
}

/** Whether a vote is one of those that make a proposal's value valid in an earlier round. */
export function isSupportOf(vote: Vote, proposal: Proposal): boolean {
  return vote.phase === Phase.Verdict && vote.round === proposal.validRound && sameValue(vote, proposal);
}
