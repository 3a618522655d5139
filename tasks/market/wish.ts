import { HIGHEST_PRICE, type MarketQuote, type Wish } from "../../src/market/quote.js";
import { required } from "../arguments/argumentInvalid.js";
import { coinArgument, wholeNumberArgument } from "../arguments/number.js";
import { coins } from "../coin/amount.js";
import { numberArgument } from "./arguments.js";

export interface WishArguments {
  readonly dataset: string;
  readonly minAmount: string | undefined;
  readonly maxPrice: string | undefined;
}

/** What a consumer wants. @throws {ArgumentMissing}, {@link ArgumentInvalid}. */
export function wishArgument({ dataset, minAmount, maxPrice }: WishArguments): Wish {
  const least = required(minAmount, "min-amount", "the least number of records");
  return {
    dataset: numberArgument(dataset),
    dMin: wholeNumberArgument(least, 1, 2 ** 24 - 1),
    ...(maxPrice !== undefined && { maxPrice: lowest(coinArgument(maxPrice), HIGHEST_PRICE) }),
  };
}

/** A quote, for people to read. */
export function quoteText({ dataset, version, price, amount, payment, regime }: MarketQuote) {
  return { dataset, version, price: coins(price), amount, payment: coins(payment), paymentWei: payment, regime };
}

function lowest(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
