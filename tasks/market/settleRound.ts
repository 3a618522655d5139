import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { settleRound } from "../../src/market/clearingSettle.js";
import { coins } from "../coin/amount.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { numberArgument } from "./arguments.js";

interface SettleRoundArguments {
  readonly round: string;
  readonly from: string;
}

export default async function settle(args: SettleRoundArguments, hre: HardhatRuntimeEnvironment) {
  const round = numberArgument(args.round);
  const { connection, contracts } = await openDeployment(hre);
  const clearing = contracts.marketClearing.connect(await signerOf(connection, args.from));
  const settled = await settleRound(clearing, round);
  return settled.map(({ index, bidder, outcome, amount, payment, orders, refused }) => ({
    bid: index,
    bidder,
    outcome,
    amount,
    payment: coins(payment),
    orders: orders.map(String),
    refused: refused.map(({ dataset, error }) => `${dataset}: ${error}`),
  }));
}
