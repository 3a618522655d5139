import { senderOf } from "../../src/consensus/sender.js";
import type { ValidatorRegistry } from "../../types/ethers-contracts/index.js";
import { coins } from "../coin/amount.js";

export interface DelegationArguments {
  readonly candidate: string;
  readonly amount: string | undefined;
  readonly from: string;
}

/** What who sends has with a candidate, for people to read. */
export async function positionText(registry: ValidatorRegistry, candidate: number) {
  const delegator = await senderOf(registry);
  const stake = await registry.stakeOf(candidate, delegator);
  return { delegator, candidate, stake: coins(stake), stakeWei: stake };
}
