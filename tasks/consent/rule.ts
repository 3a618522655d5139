import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { type BreakGlassRule, setBreakGlassRule } from "../../src/records/chain.js";
import { wholeNumberArgument } from "../arguments/number.js";
import { durationArgument } from "../arguments/time.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";

interface RuleArguments {
  readonly dailyLimit: string | undefined;
  readonly duration: string | undefined;
  readonly from: string;
}

export default async function rule(args: RuleArguments, hre: HardhatRuntimeEnvironment) {
  const limit = args.dailyLimit === undefined ? undefined : wholeNumberArgument(args.dailyLimit, 1, 24);
  const seconds = args.duration === undefined ? undefined : durationArgument(args.duration);
  const { connection, contracts } = await openDeployment(hre);
  const { consentRegistry } = contracts;
  const standing = async (): Promise<BreakGlassRule> => ({
    dailyLimit: Number(await consentRegistry.breakGlassDailyLimit()),
    duration: Number(await consentRegistry.breakGlassDuration()),
  });
  const { dailyLimit, duration } = await standing();
  if (limit === undefined && seconds === undefined) return { dailyLimit, durationSeconds: duration };
  const registry = consentRegistry.connect(await signerOf(connection, args.from));
  const asked = { dailyLimit: limit ?? dailyLimit, duration: seconds ?? duration };
  const { receipt } = await setBreakGlassRule(registry, asked);
  const now = await standing();
  return { dailyLimit: now.dailyLimit, durationSeconds: now.duration, transaction: receipt.hash };
}
