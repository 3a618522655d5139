import type { ValidatorRegistry } from "../../types/ethers-contracts/index.js";
import { type Mined, mined } from "../transaction.js";
import { hintAfter } from "./ranking.js";
import { receiptEvent } from "./receiptEvent.js";

/** Stake that left a candidate. */
export interface Undelegated extends Mined {
  /** The epoch in which it left, under which it is claimed. */
  readonly epoch: number;
  /** The first epoch in which it can be claimed, by the rules of now. */
  readonly until: number;
}

/**
 * Takes back stake of the registry's runner. It answers for the candidate until the unbonding is over, then `claim` pays
 * it out. An operator whose own stake falls below the minimum resigns by this.
 *
 * @param candidate the institution's number.
 * @param amount in wei of coin, above 0, at most the position.
 * @throws {ChainError} if the registry refuses: more than there is, or it still answers for another candidate.
 */
export async function undelegate(registry: ValidatorRegistry, candidate: number, amount: bigint): Promise<Undelegated> {
  const hint = await hintAfter(registry, candidate, -amount);
  const { receipt } = await mined(registry, () => registry.undelegate(candidate, amount, hint));
  const { args } = await receiptEvent(registry, receipt, "Undelegated");
  const { unbondingEpochs } = await registry.rules();
  const epoch = Number(args.epoch);
  return { epoch, until: epoch + Number(unbondingEpochs), receipt };
}
