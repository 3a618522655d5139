import { formatEther, parseEther, Wallet } from "ethers";
import { claim } from "../../../src/consensus/claim.js";
import { delegate } from "../../../src/consensus/delegate.js";
import { currentEpochOf } from "../../../src/consensus/electedSet.js";
import { mined } from "../../../src/transaction.js";
import { ConcurrentWallet } from "../concurrentWallet.js";
import { passEpoch } from "../epochs.js";
import { coins } from "../report.js";
import type { Stage } from "../stage.js";

const DELEGATED = parseEther("50000");

/** What the validators' work is worth, to them and to whoever backs them. */
export async function playRewards(stage: Stage): Promise<void> {
  const { contracts, provider } = stage.consortium;
  const { medicalCoin, validatorRegistry, blockCertifier } = contracts;
  // Institution 1 validates in every epoch.
  const candidate = 1;
  const delegator = new ConcurrentWallet(Wallet.createRandom().privateKey, provider);
  const registry = validatorRegistry.connect(delegator);

  await stage.play("somebody backs a validator with coin", "at stake", async () => {
    await mined(medicalCoin, () => medicalCoin.mint(delegator, DELEGATED));
    await delegate(registry, candidate, DELEGATED);
    const stake = await registry.stakeOf(candidate, delegator);
    if (stake !== DELEGATED) return "not at stake";
    return { got: "at stake", reason: `${coins(Number(formatEther(stake)))} with institution ${candidate}` };
  });
  await stage.play("leaders and signers are paid at the epoch's end", "all that was minted", async () => {
    const { number } = await currentEpochOf(registry);
    const before = await medicalCoin.balanceOf(registry);
    await passEpoch(stage.consortium);
    const gained = (await medicalCoin.balanceOf(registry)) - before;
    const [settled] = await blockCertifier.queryFilter(blockCertifier.filters.EpochSettled(number));
    const paid = await registry.queryFilter(registry.filters.Rewarded(undefined, number));
    const sum = paid.reduce((total, { args }) => total + args.amount, 0n);
    const shares = paid.map(
      ({ args }) => `institution ${args.candidate} ${Number(formatEther(args.amount)).toFixed(2)}`,
    );
    const reason = `${coins(Number(formatEther(sum)))} for ${settled?.args.blocks} blocks: ${shares.join(", ")}`;
    const isAll = sum > 0n && settled?.args.minted === sum && gained === sum;
    return { got: isAll ? "all that was minted" : "another sum", reason };
  });
  await stage.play("who backs a validator claims a part of it", "paid", async () => {
    const before = await medicalCoin.balanceOf(delegator);
    const [claimed] = await claim(registry, { candidate });
    const paid = (await medicalCoin.balanceOf(delegator)) - before;
    if (claimed === undefined || claimed.amount !== paid) return "nothing";
    return { got: "paid", reason: `${coins(Number(formatEther(paid)))} for an epoch` };
  });
}
