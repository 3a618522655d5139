import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { allDatasets } from "../../src/market/dataset.js";
import { recordClassArgument } from "../arguments/names.js";
import { wholeNumberArgument } from "../arguments/number.js";
import { coins } from "../coin/amount.js";
import { openDeployment } from "../deployment.js";
import { stockText } from "./dataset.js";

interface DatasetsArguments {
  readonly class: string | undefined;
  readonly institution: string | undefined;
}

export default async function datasets(args: DatasetsArguments, hre: HardhatRuntimeEnvironment) {
  const dataClass = args.class === undefined ? undefined : recordClassArgument(args.class);
  const institution = args.institution === undefined ? undefined : wholeNumberArgument(args.institution, 1, 65_535);
  const { contracts } = await openDeployment(hre);
  return (await allDatasets(contracts.datasetRegistry))
    .filter((found) => found.dataClass === (dataClass ?? found.dataClass))
    .filter((found) => found.institution === (institution ?? found.institution))
    .map((found) => ({
      ...stockText(found),
      lambdaMin: coins(found.lambdaMin),
      lambdaMax: coins(found.lambdaMax),
    }));
}
