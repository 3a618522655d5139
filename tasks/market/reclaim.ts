import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { claimRefund, reclaimBid } from "../../src/market/clearingRefund.js";
import { clearingRoundOf } from "../../src/market/clearingRound.js";
import type { MarketClearing } from "../../types/ethers-contracts/index.js";
import { ArgumentMissing } from "../arguments/argumentInvalid.js";
import { wholeNumberArgument } from "../arguments/number.js";
import { coins } from "../coin/amount.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { numberArgument } from "./arguments.js";

interface ReclaimArguments {
  readonly bidder: string | undefined;
  readonly round: string | undefined;
  readonly from: string;
}

/** Pays what a bidder's settled bids did not cost, or the escrow of a round that was not settled in time. */
export default async function reclaim(args: ReclaimArguments, hre: HardhatRuntimeEnvironment) {
  const bidder = args.bidder === undefined ? undefined : wholeNumberArgument(args.bidder, 1, 2 ** 24 - 1);
  const round = args.round === undefined ? undefined : numberArgument(args.round);
  if (bidder === undefined && round === undefined) {
    throw new ArgumentMissing("bidder", "the bidder's professional number, or the round with --round");
  }
  const { connection, contracts } = await openDeployment(hre);
  const clearing = contracts.marketClearing.connect(await signerOf(connection, args.from));
  const paid = [
    ...(bidder === undefined ? [] : [await claimRefund(clearing, bidder)]),
    ...(round === undefined ? [] : await reclaimRound(clearing, round)),
  ];
  return paid.map(({ bidder: to, amount, receipt }) => ({
    bidder: to,
    amount: coins(amount),
    wei: amount,
    transaction: receipt.hash,
  }));
}

async function reclaimRound(clearing: MarketClearing, round: number) {
  const { bids, settled } = await clearingRoundOf(clearing, round);
  const reclaimed = [];
  for (const [index, { isReturned }] of bids.entries()) {
    if (index >= settled && !isReturned) reclaimed.push(await reclaimBid(clearing, round, index));
  }
  return reclaimed;
}
