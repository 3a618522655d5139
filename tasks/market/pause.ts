import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { pauseMarket, unpauseMarket } from "../../src/market/pause.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";

interface PauseArguments {
  readonly end: boolean;
  readonly from: string;
}

export default async function pause(args: PauseArguments, hre: HardhatRuntimeEnvironment) {
  const { connection, contracts } = await openDeployment(hre);
  const pauser = await signerOf(connection, args.from);
  const { datasetRegistry, dataMarket, marketClearing } = contracts;
  const all = [datasetRegistry.connect(pauser), dataMarket.connect(pauser), marketClearing.connect(pauser)];
  const receipts = await (args.end ? unpauseMarket(all) : pauseMarket(all));
  return { paused: !args.end, transactions: receipts.map(({ hash }) => hash) };
}
