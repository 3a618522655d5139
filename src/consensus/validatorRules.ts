import type { ValidatorRegistry } from "../../types/ethers-contracts/index.js";
import { type Mined, mined } from "../transaction.js";

/** Who may validate, for how long, and on what terms. */
export interface ValidatorRules {
  /** Validators of an epoch at most, 4 to 128. */
  readonly seats: number;
  /** Validators at least, 4 to `seats`; with fewer eligible candidates the set before stays. */
  readonly minValidators: number;
  /** In seconds, 10 to 2,592,000 (30 days). */
  readonly epochLength: number;
  /** Epochs that stake stays answerable after it left, 2 to 60. */
  readonly unbondingEpochs: number;
  /** In basis points, at most 5,000. */
  readonly maxCommission: number;
  /** Epochs between the announcement of a commission and its effect, 1 to 60. */
  readonly commissionNotice: number;
  /** In seconds, 1 to 2,592,000 (30 days). */
  readonly jailTime: number;
  /** What a fault burns, in basis points, 1 to 10,000. */
  readonly slashFraction: number;
  /** What a candidate has at stake itself at least, in wei of coin, at least 1 gwei. */
  readonly minSelfStake: bigint;
}

/** The rules in force. @throws what the node throws. */
export async function validatorRulesOf(registry: ValidatorRegistry): Promise<ValidatorRules> {
  const rules = await registry.rules();
  return {
    seats: Number(rules.seats),
    minValidators: Number(rules.minValidators),
    epochLength: Number(rules.epochLength),
    unbondingEpochs: Number(rules.unbondingEpochs),
    maxCommission: Number(rules.maxCommission),
    commissionNotice: Number(rules.commissionNotice),
    jailTime: Number(rules.jailTime),
    slashFraction: Number(rules.slashFraction),
    minSelfStake: rules.minSelfStake,
  };
}

/**
 * Sets the rules, from now on. The registry's runner is an operator of the consortium.
 *
 * @throws {ChainError} if the registry refuses: not an operator, or a rule out of bounds.
 */
export function setValidatorRules(registry: ValidatorRegistry, rules: ValidatorRules): Promise<Mined> {
  return mined(registry, () => registry.setRules({ ...rules }));
}
