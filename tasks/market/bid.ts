import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { placeBid } from "../../src/market/clearingPlaceBid.js";
import { required } from "../arguments/argumentInvalid.js";
import { wholeNumberArgument } from "../arguments/number.js";
import { coins } from "../coin/amount.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { numberArgument, requiredCoin, requiredRecords } from "./arguments.js";

interface BidArguments {
  readonly round: string;
  readonly alpha: string | undefined;
  readonly c: string | undefined;
  readonly minAmount: string | undefined;
  readonly maxPrice: string | undefined;
  readonly from: string;
}

export default async function bid(args: BidArguments, hre: HardhatRuntimeEnvironment) {
  const round = numberArgument(args.round);
  const least = required(args.minAmount, "min-amount", "the least number of records");
  const terms = {
    alpha: requiredCoin(args.alpha, "alpha"),
    c: requiredRecords(args.c, "c"),
    dMin: wholeNumberArgument(least, 1, 2 ** 32 - 1),
    maxPrice: requiredCoin(args.maxPrice, "max-price"),
  };
  const { connection, contracts } = await openDeployment(hre);
  const bidder = await signerOf(connection, args.from);
  const { index, escrow, receipt } = await placeBid(contracts.marketClearing, bidder, round, terms);
  return { round, bid: index, escrow: coins(escrow), escrowWei: escrow, transaction: receipt.hash };
}
