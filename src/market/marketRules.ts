import type { DataMarket, DatasetRegistry } from "../../types/ethers-contracts/index.js";
import { type Mined, mined } from "../transaction.js";

/** How the market works. */
export interface MarketRules {
  /** Seconds of a market period, 3,600 to 31,622,400 (366 days); fixed by the deployment. */
  readonly periodLength: number;
  /** Seconds that a provider has to deliver, 3,600 to 7,776,000 (90 days). */
  readonly deliveryTime: number;
  /** Seconds that a buyer has to dispute a delivery, 3,600 to 7,776,000 (90 days). */
  readonly disputeWindow: number;
  /** Seconds that the arbiter has to rule, 3,600 to 31,622,400 (366 days). */
  readonly arbitrationTime: number;
  /** The part of a stock that is expected to be ordered in a period, in basis points, 1 to 65,535. */
  readonly turnover: number;
  /** k in the rule by which ceilings and published numbers move, in basis points, at most 10,000. */
  readonly reactivity: number;
}

/** What sharing a record earns, once, from the emission quota of the dataset registry. */
export interface SharingReward {
  /** Coin for a record, in wei. */
  readonly amount: bigint;
  /** The patient's part of it, in basis points; with `doctorPart` at most 10,000, the institution gets the rest. */
  readonly patientPart: number;
  /** The doctor's part of it, in basis points. */
  readonly doctorPart: number;
  /** What a dataset has to promise the creators of a record that is sold at least, in wei of coin. */
  readonly leastFloor: bigint;
}

/** The rules in force. @throws what the node throws. */
export async function marketRulesOf(market: DataMarket): Promise<MarketRules> {
  const rules = await market.marketRules();
  return {
    periodLength: Number(rules.periodLength),
    deliveryTime: Number(rules.deliveryTime),
    disputeWindow: Number(rules.disputeWindow),
    arbitrationTime: Number(rules.arbitrationTime),
    turnover: Number(rules.turnover),
    reactivity: Number(rules.reactivity),
  };
}

/**
 * Sets the rules for orders and periods from now on. The market's runner is an operator of the consortium.
 *
 * @throws {ChainError} if the market refuses: not an operator, another period length, or a rule out of bounds.
 */
export function setMarketRules(market: DataMarket, rules: MarketRules): Promise<Mined> {
  return mined(market, () => market.setRules({ ...rules }));
}

/** The reward in force. @throws what the node throws. */
export async function sharingRewardOf(registry: DatasetRegistry): Promise<SharingReward> {
  const { amount, patientPart, doctorPart, leastFloor } = await registry.sharingReward();
  return { amount, patientPart: Number(patientPart), doctorPart: Number(doctorPart), leastFloor };
}

/**
 * Sets what sharing a record earns from now on. The registry's runner is an operator of the consortium.
 *
 * @throws {ChainError} if the registry refuses: not an operator, or parts of more than all.
 */
export function setSharingReward(registry: DatasetRegistry, reward: SharingReward): Promise<Mined> {
  return mined(registry, () => registry.setSharingReward({ ...reward }));
}
