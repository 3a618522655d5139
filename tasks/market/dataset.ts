import { formatUnits } from "ethers";
import type { Dataset } from "../../src/market/dataset.js";
import { datasetOf } from "../../src/market/dataset.js";
import { ceilingOf } from "../../src/market/prices.js";
import type { DataMarket, DatasetRegistry } from "../../types/ethers-contracts/index.js";
import { className, classNamesOf, purposeNames } from "../arguments/names.js";
import { coins } from "../coin/amount.js";
import { percent } from "../consensus/percent.js";

interface MarketContracts {
  readonly datasetRegistry: DatasetRegistry;
  readonly dataMarket: DataMarket;
}

/** A dataset with its ceiling, for people to read. */
export async function datasetText({ datasetRegistry, dataMarket }: MarketContracts, number: number) {
  const found = await datasetOf(datasetRegistry, number);
  const { ceiling } = await ceilingOf(dataMarket, found);
  return {
    ...stockText(found),
    purposes: purposeNames(found.purposes),
    sections: classNamesOf(found.sectionClasses),
    weights: Object.fromEntries(
      Object.entries(found.weights).map(([code, weight]) => [className(Number(code)), weight]),
    ),
    gamma: coins(found.gamma),
    floor: coins(found.floor),
    lambdaMin: coins(found.lambdaMin),
    lambdaMax: coins(found.lambdaMax),
    ceiling: coins(ceiling),
    patientSharePercent: percent(found.patientShare),
    doctorSharePercent: percent(found.doctorShare),
  };
}

/** What a dataset has on sale. */
export function stockText({ dataset, institution, dataClass, open, version, records, weight, joining }: Dataset) {
  return { dataset, institution, class: className(dataClass), open, version, records, weight, joining };
}

/** A number in WAD, in units. */
export function units(wad: bigint): string {
  return formatUnits(wad, 18).replace(/\.0$/, "");
}
