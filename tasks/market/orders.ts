import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { checksummed } from "../../src/accounts/index.js";
import { ordersOf } from "../../src/market/order.js";
import { isoTime } from "../clock.js";
import { coins } from "../coin/amount.js";
import { openDeployment } from "../deployment.js";
import { numberArgument } from "./arguments.js";
import { isOpen, purposeText } from "./orderText.js";

interface OrdersArguments {
  readonly buyer: string | undefined;
  readonly dataset: string | undefined;
}

export default async function orders(args: OrdersArguments, hre: HardhatRuntimeEnvironment) {
  const filter = {
    ...(args.buyer !== undefined && { buyer: checksummed(args.buyer, "buyer") }),
    ...(args.dataset !== undefined && { dataset: numberArgument(args.dataset) }),
  };
  const { contracts } = await openDeployment(hre);
  return (await ordersOf(contracts.dataMarket, filter)).map((found) => ({
    order: found.order,
    state: found.state,
    dataset: found.dataset,
    version: found.version,
    purpose: purposeText(found),
    amount: found.amount,
    delivered: found.delivered,
    price: coins(found.price),
    buyer: found.buyer,
    ...(isOpen(found) && { deadline: isoTime(found.deadline) }),
  }));
}
