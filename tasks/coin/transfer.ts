import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { checksummed } from "../../src/accounts/index.js";
import { mined } from "../../src/transaction.js";
import { required } from "../arguments/argumentInvalid.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { amountArgument, coins } from "./amount.js";

interface TransferArguments {
  readonly to: string | undefined;
  readonly amount: string | undefined;
  readonly from: string;
}

export default async function transfer(args: TransferArguments, hre: HardhatRuntimeEnvironment) {
  const to = checksummed(required(args.to, "to", "the receiver's address"), "receiver");
  const wei = amountArgument(args.amount);
  const { connection, contracts } = await openDeployment(hre);
  const sender = await signerOf(connection, args.from);
  const coin = contracts.medicalCoin.connect(sender);
  const { receipt } = await mined(coin, () => coin.transfer(to, wei));
  return { from: await sender.getAddress(), to, amount: coins(wei), wei, transaction: receipt.hash };
}
