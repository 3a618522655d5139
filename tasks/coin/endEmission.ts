import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { checksummed } from "../../src/accounts/index.js";
import { endEmission } from "../../src/coin/index.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { emissionOf } from "./emissionOf.js";

interface EndEmissionArguments {
  readonly emitter: string;
  readonly from: string;
}

export default async function end(args: EndEmissionArguments, hre: HardhatRuntimeEnvironment) {
  const emitter = checksummed(args.emitter, "emitter");
  const { connection, contracts } = await openDeployment(hre);
  const coin = contracts.medicalCoin.connect(await signerOf(connection, args.from));
  const { receipt } = await endEmission(coin, emitter);
  return { ...(await emissionOf(coin, emitter)), transaction: receipt.hash };
}
