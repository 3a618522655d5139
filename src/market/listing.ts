import type { DatasetRegistry } from "../../types/ethers-contracts/index.js";
import { receiptEvent } from "../consensus/receiptEvent.js";
import { type Mined, mined } from "../transaction.js";

/** What a dataset takes, for what it may be used, and who gets what part of the price. Fixed for good, but for the price's bounds. */
export interface Listing {
  /** The record class as which the dataset is priced, 24 to 31. */
  readonly dataClass: number;
  /** How much a record of each class that it takes counts when creators share, 1 to 255, by the class's code. */
  readonly weights: Readonly<Record<number, number>>;
  /** One bit for each section class that is delivered, see `dataClassBits`. */
  readonly sectionClasses: number;
  /** One bit for each purpose for which it may be bought, see `purposeBits`; consents have to cover all of them, and HMARKT. */
  readonly purposes: number;
  /** What providing a record costs (gamma in eq. (1)), in wei of coin, above 0. */
  readonly gamma: bigint;
  /** What the creators get for a record at least, in wei of coin. */
  readonly floor: bigint;
  /** The lowest price of a record, in wei of coin, at least `gamma + floor`. */
  readonly lambdaMin: bigint;
  /** The highest price of a record, in wei of coin, below 2^80. */
  readonly lambdaMax: bigint;
  /** The patients' part of the margin above gamma, in basis points, above 0. */
  readonly patientShare: number;
  /** The doctors' part of it, in basis points; both together at most 10,000. */
  readonly doctorShare: number;
}

/** A dataset that was listed, still without records. */
export interface Listed extends Mined {
  readonly dataset: number;
}

const FIRST_CLASS = 24;
const CLASSES = 8;

/**
 * Lists a dataset. The registry's runner is the provider's wallet.
 *
 * @throws {ChainError} if the registry refuses: no active institution, a listing that does not fit, or a pause.
 */
export async function listDataset(registry: DatasetRegistry, listing: Listing): Promise<Listed> {
  const terms = { ...listing, weights: packWeights(listing.weights) };
  const { receipt } = await mined(registry, () => registry.list(terms));
  const { args } = await receiptEvent(registry, receipt, "DatasetListed");
  return { dataset: Number(args.dataset), receipt };
}

/** Weights as a listing has them on the chain: one byte for each record class, that of 24 lowest. */
export function packWeights(weights: Listing["weights"]): bigint {
  const bytes = Object.entries(weights).map(
    ([code, weight]) => BigInt(weight) << BigInt(8 * (Number(code) - FIRST_CLASS)),
  );
  return bytes.reduce((word, byte) => word | byte, 0n);
}

/** What {@link packWeights} packed: the classes with a weight above 0. */
export function unpackWeights(word: bigint): Listing["weights"] {
  const codes = Array.from({ length: CLASSES }, (_, place) => FIRST_CLASS + place);
  const weights = codes.map((code) => [code, Number((word >> BigInt(8 * (code - FIRST_CLASS))) & 0xffn)] as const);
  return Object.fromEntries(weights.filter(([, weight]) => weight > 0));
}
