import type { ValidatorRegistry } from "../../types/ethers-contracts/index.js";
import { type Mined, mined } from "../transaction.js";
import { hintAfter } from "./ranking.js";
import { candidateOf, senderOf } from "./sender.js";
import { allowStake } from "./stakeAllowance.js";

/** On what terms an institution stands. */
export interface StandTerms {
  /** Its part of the rewards in basis points, up to the cap of the rules. One that stands again keeps the one it has. */
  readonly commission: number;
  /** Coin of its own to stake, in wei; may be 0 when it stands again. */
  readonly amount: bigint;
}

/** An institution that stands for election. */
export interface Stood extends Mined {
  /** The institution's number. */
  readonly candidate: number;
}

/**
 * Stands for election, for the first time or again after resigning; votes from the next election on that it is elected
 * in. The registry's runner is the institution's wallet, which also signs as validator. An allowance is given as needed.
 *
 * @throws {ChainError} if the registry refuses: not certified, in jail, too little stake; {@link NotAnInstitution}, {@link SenderMissing}.
 */
export async function stand(registry: ValidatorRegistry, { commission, amount }: StandTerms): Promise<Stood> {
  const candidate = await candidateOf(registry, await senderOf(registry));
  const hint = await hintAfter(registry, candidate, amount);
  await allowStake(registry, amount, () => registry.stand.staticCall(commission, amount, hint));
  const { receipt } = await mined(registry, () => registry.stand(commission, amount, hint));
  return { candidate, receipt };
}
