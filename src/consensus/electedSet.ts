import type { BlockTag } from "ethers";
import type { ValidatorRegistry } from "../../types/ethers-contracts/index.js";
import { withChainErrors } from "../chainError.js";
import { type Epoch, unpackEpoch } from "./epoch.js";
import { unpackSeats } from "./seat.js";
import { ValidatorSet } from "./validatorSet.js";

/** An epoch with its validators. */
export interface ElectedSet {
  readonly epoch: Epoch;
  /** The first block that the next epoch's set decides; undefined while the epoch lasts. */
  readonly endBlock: number | undefined;
  readonly set: ValidatorSet;
}

/**
 * The current epoch; its number is 0 before the first election.
 *
 * @throws what the node throws.
 */
export async function currentEpochOf(registry: ValidatorRegistry, blockTag: BlockTag = "latest"): Promise<Epoch> {
  return unpackEpoch(await registry.currentEpoch({ blockTag }));
}

/**
 * An epoch's validators, as long as the registry keeps them.
 *
 * @param epoch the current one, or one of the 63 before.
 * @throws {ChainError} `EpochUnknown`; what the node throws.
 */
export async function electedSetOf(
  registry: ValidatorRegistry,
  epoch: number,
  blockTag: BlockTag = "latest",
): Promise<ElectedSet> {
  const { record, endBlock, seats } = await withChainErrors(() => registry.seatsOf(epoch, { blockTag }));
  return {
    epoch: unpackEpoch(record),
    endBlock: endBlock > Number.MAX_SAFE_INTEGER ? undefined : Number(endBlock),
    set: new ValidatorSet(epoch, unpackSeats(seats)),
  };
}
