import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { offerRecords } from "../../src/market/clearingOfferRecords.js";
import { required } from "../arguments/argumentInvalid.js";
import { wholeNumberArgument } from "../arguments/number.js";
import { coins } from "../coin/amount.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { numberArgument, requiredCoin } from "./arguments.js";

interface OfferArguments {
  readonly round: string;
  readonly dataset: string | undefined;
  readonly cost: string | undefined;
  readonly capacity: string | undefined;
  readonly from: string;
}

export default async function offer(args: OfferArguments, hre: HardhatRuntimeEnvironment) {
  const round = numberArgument(args.round);
  const offered = {
    dataset: numberArgument(required(args.dataset, "dataset", "the dataset's number")),
    cost: requiredCoin(args.cost, "cost"),
    capacity: wholeNumberArgument(required(args.capacity, "capacity", "a number of records"), 1, 2 ** 24 - 1),
  };
  const { connection, contracts } = await openDeployment(hre);
  const clearing = contracts.marketClearing.connect(await signerOf(connection, args.from));
  const { index, receipt } = await offerRecords(clearing, round, offered);
  return { round, offer: index, ...offered, cost: coins(offered.cost), transaction: receipt.hash };
}
