import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { checksummed } from "../../src/accounts/index.js";
import { allotEmission } from "../../src/coin/index.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { amountArgument } from "./amount.js";
import { emissionOf } from "./emissionOf.js";

interface AllotArguments {
  readonly emitter: string;
  readonly amount: string | undefined;
  readonly from: string;
}

export default async function allot(args: AllotArguments, hre: HardhatRuntimeEnvironment) {
  const emitter = checksummed(args.emitter, "emitter");
  const quota = amountArgument(args.amount);
  const { connection, contracts } = await openDeployment(hre);
  const coin = contracts.medicalCoin.connect(await signerOf(connection, args.from));
  const { receipt } = await allotEmission(coin, emitter, quota);
  return { ...(await emissionOf(coin, emitter)), transaction: receipt.hash };
}
