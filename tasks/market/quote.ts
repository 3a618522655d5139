import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { quoteFor, quoteWith } from "../../src/market/quote.js";
import { roleArgument } from "../arguments/names.js";
import { openDeployment } from "../deployment.js";
import { requiredCoin, requiredRecords } from "./arguments.js";
import { quoteText, type WishArguments, wishArgument } from "./wish.js";

interface QuoteArguments extends WishArguments {
  readonly role: string;
  readonly alpha: string | undefined;
  readonly c: string | undefined;
}

/** With the published numbers of a role, or with the consumer's own. */
export default async function quote(args: QuoteArguments, hre: HardhatRuntimeEnvironment) {
  const wish = wishArgument(args);
  const role = roleArgument(args.role);
  const isOwn = args.alpha !== undefined || args.c !== undefined;
  const own = isOwn && { alpha: requiredCoin(args.alpha, "alpha"), c: requiredRecords(args.c, "c") };
  const { contracts } = await openDeployment(hre);
  const { dataMarket } = contracts;
  return quoteText(own ? await quoteWith(dataMarket, wish, own) : await quoteFor(dataMarket, wish, role));
}
