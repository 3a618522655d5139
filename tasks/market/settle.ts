import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { RefundedOrder, ReleasedOrder } from "../../src/market/settlement.js";
import type { DataMarket } from "../../types/ethers-contracts/index.js";
import { coins } from "../coin/amount.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { numberArgument } from "./arguments.js";
import { orderText } from "./orderText.js";

export interface SettleArguments {
  readonly order: string;
  readonly from: string;
}

/** Ends an order in the way that `end` does, and says who got what. */
export async function settleOrder(
  args: SettleArguments,
  hre: HardhatRuntimeEnvironment,
  end: (market: DataMarket, order: number) => Promise<ReleasedOrder | RefundedOrder>,
) {
  const number = numberArgument(args.order);
  const { connection, contracts } = await openDeployment(hre);
  const market = contracts.dataMarket.connect(await signerOf(connection, args.from));
  const ended = await end(market, number);
  return { ...(await orderText(market, number)), ...paidText(ended), transaction: ended.receipt.hash };
}

function paidText(ended: ReleasedOrder | RefundedOrder) {
  if (ended.state === "Refunded") return { refunded: coins(ended.amount) };
  return { creators: coins(ended.creators), institution: coins(ended.institution) };
}
