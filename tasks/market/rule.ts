import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { ruleOrder } from "../../src/market/dispute.js";
import { required } from "../arguments/argumentInvalid.js";
import { oneOf } from "../arguments/names.js";
import { type SettleArguments, settleOrder } from "./settle.js";

interface RuleArguments extends SettleArguments {
  readonly for: string | undefined;
}

export default async function rule(args: RuleArguments, hre: HardhatRuntimeEnvironment) {
  const sides = ["buyer", "provider"] as const;
  const side = oneOf(required(args.for, "for", "buyer or provider"), sides, "a side");
  return settleOrder(args, hre, (market, order) => ruleOrder(market, order, side === "buyer"));
}
