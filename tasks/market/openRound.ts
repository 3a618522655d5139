import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { openRound } from "../../src/market/clearingOpen.js";
import { clearingRoundOf } from "../../src/market/clearingRound.js";
import { required } from "../arguments/argumentInvalid.js";
import { purposeArgument, recordClassArgument } from "../arguments/names.js";
import { durationArgument, momentArgument } from "../arguments/time.js";
import { nowOf } from "../clock.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { roundText } from "./roundText.js";

interface OpenRoundArguments {
  readonly class: string | undefined;
  readonly purpose: string | undefined;
  readonly biddingEnd: string;
  readonly settleTime: string;
  readonly from: string;
}

export default async function open(args: OpenRoundArguments, hre: HardhatRuntimeEnvironment) {
  const dataClass = recordClassArgument(required(args.class, "class", "a class of records, such as AmbulatoryRecord"));
  const purpose = purposeArgument(required(args.purpose, "purpose", "a purpose of use, such as HRESCH"));
  const settleTime = durationArgument(args.settleTime);
  const { connection, contracts } = await openDeployment(hre);
  const clearing = contracts.marketClearing.connect(await signerOf(connection, args.from));
  const biddingEnd = momentArgument(args.biddingEnd, await nowOf(connection));
  const settleDeadline = new Date(biddingEnd.getTime() + settleTime * 1000);
  const { round, receipt } = await openRound(clearing, { dataClass, purpose, biddingEnd, settleDeadline });
  return { ...roundText(await clearingRoundOf(clearing, round)), transaction: receipt.hash };
}
