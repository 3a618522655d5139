import type { ValidatorRegistry } from "../../types/ethers-contracts/index.js";
import { type Mined, mined } from "../transaction.js";
import { receiptEvent } from "./receiptEvent.js";
import { senderOf } from "./sender.js";
import { type Stake, stakesOf, type Unbonding } from "./stakesOf.js";

/** Coin that the registry paid out. */
export interface Claimed extends Mined {
  readonly kind: "rewards" | "unbonded";
  /** The institution's number. */
  readonly candidate: number;
  /** The epoch in which unbonded stake had left; undefined for rewards. */
  readonly epoch: number | undefined;
  /** In wei of coin, after any slash. */
  readonly amount: bigint;
}

/** What is claimed. */
export interface ClaimOptions {
  /** Only what is with this candidate; by default with all. */
  readonly candidate?: number;
}

/**
 * Claims all that the registry's runner has earned, commission included, and all stake whose unbonding is over; each in a
 * transaction of its own.
 *
 * @returns what was paid out; nothing if there was nothing.
 * @throws {ChainError} if the registry refuses one, what came before it is done; {@link SenderMissing}, {@link ProviderMissing}.
 */
export async function claim(registry: ValidatorRegistry, { candidate }: ClaimOptions = {}): Promise<Claimed[]> {
  const { stakes, unbonding } = await stakesOf(registry, await senderOf(registry));
  const isMeant = (found: { readonly candidate: number }): boolean => [undefined, found.candidate].includes(candidate);
  const earned = stakes.filter(({ rewards }) => rewards !== 0n).filter(isMeant);
  const over = unbonding.filter(({ isOver }) => isOver).filter(isMeant);
  const claimed: Claimed[] = [];
  for (const stake of earned) claimed.push(await claimRewards(registry, stake));
  for (const left of over) claimed.push(await claimUnbonded(registry, left));
  return claimed;
}

async function claimRewards(registry: ValidatorRegistry, { candidate }: Stake): Promise<Claimed> {
  const { receipt } = await mined(registry, () => registry.claimRewards(candidate));
  const { args } = await receiptEvent(registry, receipt, "RewardsClaimed");
  return { kind: "rewards", candidate, epoch: undefined, amount: BigInt(String(args.amount)), receipt };
}

async function claimUnbonded(registry: ValidatorRegistry, { candidate, epoch }: Unbonding): Promise<Claimed> {
  const { receipt } = await mined(registry, () => registry.claimUnbonded(candidate, epoch));
  const { args } = await receiptEvent(registry, receipt, "UnbondedClaimed");
  return { kind: "unbonded", candidate, epoch, amount: BigInt(String(args.amount)), receipt };
}
