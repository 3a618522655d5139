import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { checksummed } from "../../src/accounts/index.js";
import { stakesOf } from "../../src/consensus/stakesOf.js";
import { coins } from "../coin/amount.js";
import { openDeployment } from "../deployment.js";

export default async function stakes(args: { readonly account: string }, hre: HardhatRuntimeEnvironment) {
  const account = checksummed(args.account, "account");
  const { contracts } = await openDeployment(hre);
  const found = await stakesOf(contracts.validatorRegistry, account);
  return {
    account,
    stakes: found.stakes.map(({ candidate, amount, rewards }) => ({
      candidate,
      stake: coins(amount),
      rewards: coins(rewards),
      stakeWei: amount,
      rewardsWei: rewards,
    })),
    unbonding: found.unbonding.map(({ candidate, amount, epoch, until, isOver }) => ({
      candidate,
      amount: coins(amount),
      leftInEpoch: epoch,
      claimableFromEpoch: until,
      claimable: isOver,
      wei: amount,
    })),
  };
}
