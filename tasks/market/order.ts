import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { ChainError } from "../../src/chainError.js";
import { buyerRole, placeOrder } from "../../src/market/placeOrder.js";
import { type MarketQuote, quoteFor } from "../../src/market/quote.js";
import { PurposeOfUse } from "../../src/records/purposeOfUse.js";
import { required } from "../arguments/argumentInvalid.js";
import { purposeArgument } from "../arguments/names.js";
import { coinArgument } from "../arguments/number.js";
import { coins } from "../coin/amount.js";
import { openDeployment } from "../deployment.js";
import { printProgress } from "../result.js";
import { signerOf } from "../signer.js";
import { orderText } from "./orderText.js";
import { type WishArguments, wishArgument } from "./wish.js";

interface OrderArguments extends WishArguments {
  readonly purpose: string | undefined;
  readonly maxPayment: string | undefined;
  readonly approve: boolean;
  readonly from: string;
}

/** Asks for a quote, says it, and orders exactly that. */
export default async function order(args: OrderArguments, hre: HardhatRuntimeEnvironment) {
  const wish = wishArgument(args);
  const purpose = PurposeOfUse[purposeArgument(required(args.purpose, "purpose", "a purpose of use, such as HRESCH"))];
  const maxPayment = args.maxPayment === undefined ? undefined : coinArgument(args.maxPayment);
  const { connection, contracts } = await openDeployment(hre);
  const market = contracts.dataMarket.connect(await signerOf(connection, args.from));
  const quote = await quoteFor(market, wish, await buyerRole(market));
  printProgress(
    `Quote: ${quote.amount} records of version ${quote.version} for ${coins(quote.price)} coins each, ${coins(quote.payment)} in all.`,
  );
  refuseAbove(quote, maxPayment);
  const payBy = args.approve ? "allowance" : "permit";
  const { order: number, receipt } = await placeOrder(market, quote, { purpose, payBy });
  return { ...(await orderText(market, number)), transaction: receipt.hash };
}

function refuseAbove({ payment }: MarketQuote, maxPayment: bigint | undefined): void {
  if (maxPayment !== undefined && payment > maxPayment) throw new ChainError("QuoteExceeded", { payment, maxPayment });
}
