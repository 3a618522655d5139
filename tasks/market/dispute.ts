import { id, isHexString } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { disputeOrder } from "../../src/market/dispute.js";
import { required } from "../arguments/argumentInvalid.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { numberArgument } from "./arguments.js";
import { orderText } from "./orderText.js";

interface DisputeArguments {
  readonly order: string;
  readonly reason: string | undefined;
  readonly from: string;
}

/** The chain keeps the reason's hash: the text is for the arbiter only. */
export default async function dispute(args: DisputeArguments, hre: HardhatRuntimeEnvironment) {
  const number = numberArgument(args.order);
  const reason = required(args.reason, "reason", "what is wrong, or the hash of it");
  const reasonHash = isHexString(reason, 32) ? reason : id(reason);
  const { connection, contracts } = await openDeployment(hre);
  const market = contracts.dataMarket.connect(await signerOf(connection, args.from));
  const { receipt } = await disputeOrder(market, number, reasonHash);
  return { ...(await orderText(market, number)), reasonHash, transaction: receipt.hash };
}
