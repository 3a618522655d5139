import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { setPrices } from "../../src/market/prices.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { numberArgument, requiredCoin } from "./arguments.js";
import { datasetText } from "./dataset.js";

interface PricesArguments {
  readonly dataset: string;
  readonly lambdaMin: string | undefined;
  readonly lambdaMax: string | undefined;
  readonly from: string;
}

export default async function prices(args: PricesArguments, hre: HardhatRuntimeEnvironment) {
  const dataset = numberArgument(args.dataset);
  const bounds = {
    lambdaMin: requiredCoin(args.lambdaMin, "lambda-min"),
    lambdaMax: requiredCoin(args.lambdaMax, "lambda-max"),
  };
  const { connection, contracts } = await openDeployment(hre);
  const registry = contracts.datasetRegistry.connect(await signerOf(connection, args.from));
  const { receipt } = await setPrices(registry, dataset, bounds);
  const { gamma, floor, lambdaMin, lambdaMax, ceiling } = await datasetText(contracts, dataset);
  return { dataset, gamma, floor, lambdaMin, lambdaMax, ceiling, transaction: receipt.hash };
}
