import type { ValidatorRegistry } from "../../types/ethers-contracts/index.js";
import { type Mined, mined } from "../transaction.js";
import { receiptEvent } from "./receiptEvent.js";

/** An epoch that began. */
export interface Elected extends Mined {
  readonly epoch: number;
  /** Whether the set of the epoch before stays, because too few candidates were eligible. */
  readonly isExtended: boolean;
}

/**
 * Ends the epoch, once it is over, and elects the next set. Anyone may.
 *
 * @throws {ChainError} if the registry refuses: the epoch is not over, or too few stand for the first one.
 */
export async function elect(registry: ValidatorRegistry): Promise<Elected> {
  const { receipt } = await mined(registry, () => registry.elect());
  const { event, args } = await receiptEvent(registry, receipt, "EpochStarted", "EpochExtended");
  return { epoch: Number(args.epoch), isExtended: event === "EpochExtended", receipt };
}
