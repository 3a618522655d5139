import { AccountCenter__factory, type DataMarket } from "../../types/ethers-contracts/index.js";
import { unpackAccount } from "../accounts/certifiedAccount.js";
import { Role, type RoleCode } from "../accounts/role.js";
import { chainErrorOf } from "../chainError.js";
import { receiptEvent } from "../consensus/receiptEvent.js";
import { senderOf } from "../consensus/sender.js";
import { type Mined, mined } from "../transaction.js";
import { coinOf, mayTake, permitFor, requireCoin } from "./payment.js";
import type { MarketQuote } from "./quote.js";

/** How an order is made. */
export interface OrderOptions {
  /** Number of the purpose's bit, one of the dataset's, see `PurposeOfUse`. */
  readonly purpose: number;
  /**
   * How the market is let take the coin where it is not yet: by a permit in the same transaction, or by an allowance in one
   * of its own, for wallets that sign no typed data. Default: permit.
   */
  readonly payBy?: "permit" | "allowance";
}

/** An order with its escrow. */
export interface PlacedOrder extends Mined {
  readonly order: number;
  /** Of a record, in wei of coin. */
  readonly price: bigint;
  /** Records. */
  readonly amount: number;
  /** In escrow, in wei of coin. */
  readonly payment: bigint;
}

/**
 * Orders what was quoted: for that version of the dataset, at no higher price, and for no more than that payment. The market's runner is the
 * buyer, who lets the market take exactly the payment, and nothing if it may take as much already.
 *
 * @throws {ChainError} if the market refuses (`VersionChanged` and `QuoteExceeded`: quote again), or there is too little coin;
 * {@link SenderMissing}, {@link ProviderMissing}.
 */
export async function placeOrder(market: DataMarket, quote: MarketQuote, options: OrderOptions): Promise<PlacedOrder> {
  const { dataset, version, dMin, price: maxPrice, payment } = quote;
  const request = { dataset, version, dMin, maxPrice, purpose: options.purpose, maxPayment: payment };
  await refuseOtherwise(() => market.order.staticCall(request));
  await requireCoin(market, payment);
  if (await mayTake(market, payment)) return placed(market, await mined(market, () => market.order(request)));
  if (options.payBy === "allowance") {
    const coin = await coinOf(market);
    await mined(coin, () => coin.approve(market, payment));
    return placed(market, await mined(market, () => market.order(request)));
  }
  const { deadline, v, r, s } = await permitFor(market, payment);
  return placed(market, await mined(market, () => market.orderWithPermit(request, deadline, v, r, s)));
}

/**
 * The role in which the market's runner buys.
 *
 * @throws {SenderMissing}, and what the node throws.
 */
export async function buyerRole(market: DataMarket): Promise<RoleCode> {
  const accountCenter = AccountCenter__factory.connect(await market.accountCenter(), market.runner);
  const { role } = unpackAccount(BigInt(await accountCenter.accounts(await senderOf(market))));
  return Role[role];
}

/** The market takes the coin last: whoever lacks but the allowance, or the coin, may do all the rest. */
async function refuseOtherwise(rehearse: () => Promise<unknown>): Promise<void> {
  try {
    await rehearse();
  } catch (error) {
    const refused = chainErrorOf(error);
    if (refused?.errorName !== "ERC20InsufficientAllowance") throw refused ?? error;
  }
}

async function placed(market: DataMarket, { receipt }: Mined): Promise<PlacedOrder> {
  const { args } = await receiptEvent(market, receipt, "OrderPlaced");
  const price = BigInt(String(args.price));
  const amount = Number(args.amount);
  return { order: Number(args.order), price, amount, payment: price * BigInt(amount), receipt };
}
