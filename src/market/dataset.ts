import type { DatasetRegistry } from "../../types/ethers-contracts/index.js";
import { ChainError } from "../chainError.js";
import { type Listing, unpackWeights } from "./listing.js";

/** A dataset as it stands. */
export interface Dataset extends Listing {
  /** Its number, from 1. */
  readonly dataset: number;
  /** The provider's number. */
  readonly institution: number;
  /** Whether it takes orders; not any more once it is closed. */
  readonly open: boolean;
  /** The version on sale; 0 before the first. */
  readonly version: number;
  /** Records in that version: the supply. */
  readonly records: number;
  /** The sum of their weights. */
  readonly weight: number;
  /** Records that wait for the next version. */
  readonly joining: number;
}

/**
 * One dataset.
 *
 * @throws {ChainError} `DatasetUnknown`; what the node throws.
 */
export async function datasetOf(registry: DatasetRegistry, dataset: number): Promise<Dataset> {
  const [{ listing, institution }, stock, joining] = await Promise.all([
    registry.listingOf(dataset),
    registry.stockOf(dataset),
    registry.joiningOf(dataset),
  ]);
  if (institution === 0n) throw new ChainError("DatasetUnknown", { dataset });
  return {
    dataset,
    institution: Number(institution),
    open: stock.open,
    version: Number(stock.version),
    records: Number(stock.records),
    weight: Number(stock.weight),
    joining: Number(joining.records),
    dataClass: Number(listing.dataClass),
    weights: unpackWeights(listing.weights),
    sectionClasses: Number(listing.sectionClasses),
    purposes: Number(listing.purposes),
    gamma: listing.gamma,
    floor: listing.floor,
    lambdaMin: listing.lambdaMin,
    lambdaMax: listing.lambdaMax,
    patientShare: Number(listing.patientShare),
    doctorShare: Number(listing.doctorShare),
  };
}

/** All datasets, by number; closed ones too. @throws what the node throws. */
export async function allDatasets(registry: DatasetRegistry): Promise<Dataset[]> {
  const count = Number(await registry.datasetCount());
  return Promise.all(Array.from({ length: count }, (_, place) => datasetOf(registry, place + 1)));
}
