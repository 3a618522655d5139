import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { clearRound } from "../../src/market/clearingClear.js";
import { coins } from "../coin/amount.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { numberArgument } from "./arguments.js";

interface ClearArguments {
  readonly round: string;
  readonly from: string;
}

/** Computes the round's price, and has the contract check it. */
export default async function clear(args: ClearArguments, hre: HardhatRuntimeEnvironment) {
  const round = numberArgument(args.round);
  const { connection, contracts } = await openDeployment(hre);
  const marketClearing = contracts.marketClearing.connect(await signerOf(connection, args.from));
  const { clearing, receipt } = await clearRound(marketClearing, round);
  const allocations = clearing.allocations.map(({ amount, payment }, bid) => ({
    bid,
    amount,
    payment: coins(payment),
  }));
  return { round, price: coins(clearing.price), cut: clearing.cut, transaction: receipt.hash, allocations };
}
