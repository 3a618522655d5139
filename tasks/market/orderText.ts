import { ZeroHash } from "ethers";
import { type MarketOrder, orderOf } from "../../src/market/order.js";
import type { DataMarket } from "../../types/ethers-contracts/index.js";
import { purposeNames } from "../arguments/names.js";
import { isoTime } from "../clock.js";
import { coins } from "../coin/amount.js";

/** An order as it stands, for people to read. */
export async function orderText(market: DataMarket, number: number) {
  const found = await orderOf(market, number);
  const { amount, delivered, price, deadline, manifestRoot, buyer } = found;
  const { order, state, dataset, version } = found;
  return {
    order,
    state,
    buyer,
    dataset,
    version,
    purpose: purposeText(found),
    amount,
    price: coins(price),
    payment: coins(price * BigInt(amount)),
    ...(manifestRoot !== ZeroHash && { delivered, manifestRoot }),
    ...(deadlines[state] !== undefined && { [deadlines[state]]: isoTime(deadline) }),
  };
}

/** The name of the order's purpose. */
export function purposeText({ purpose }: MarketOrder): string {
  return purposeNames(2 ** purpose).join("");
}

/** Whether somebody has still to act on the order, until its deadline. */
export function isOpen({ state }: MarketOrder): boolean {
  return deadlines[state] !== undefined;
}

/** What an order's deadline is for. */
const deadlines: Partial<Record<MarketOrder["state"], string>> = {
  Ordered: "deliverUntil",
  Delivered: "disputeUntil",
  Disputed: "ruleUntil",
};
