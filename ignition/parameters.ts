import { parseEther } from "ethers";
import type { BlockRewards } from "../src/consensus/blockRewards.js";
import type { ValidatorRules } from "../src/consensus/validatorRules.js";
import type { MarketRules, SharingReward } from "../src/market/marketRules.js";

/** Everything that a deployment decides. Who holds which role is data of the deployment, never code. */
export interface DeploymentParameters {
  /** Gives out roles, which overrides every delay: a timelocked multisig or governor in real use. Default: the deployer. */
  readonly administrator: string;
  /** May sign certificates, and suspend or revoke them. Default: the administrator. */
  readonly registrars: readonly string[];
  /** May tune parameters and name successors. Default: the administrator. */
  readonly operators: readonly string[];
  /** May decide disputes over deliveries. Default: the administrator. */
  readonly arbiters: readonly string[];
  /** May stop what is new on the market, at once. Default: the administrator. */
  readonly pausers: readonly string[];
  /** Seconds between an operator's decision and its effect. A consortium's chain wants days. */
  readonly operatorDelay: number;
  /** Lifetime cap on all coin, in wei. */
  readonly emissionCap: bigint;
  /** Emergencies: records that a doctor may open on one day (1 to 24), seconds that each stays open (900 to 86,400). */
  readonly breakGlass: { readonly dailyLimit: number; readonly duration: number };
  /** When slot 0 began, and how long a slot is, both in seconds (1 to 3,600). By default slots count from 1970. */
  readonly slots: { readonly genesis: number; readonly slotTime: number };
  /** Who may validate, for how long, on what terms. */
  readonly validatorRules: ValidatorRules;
  /** What validators earn, and when they count as down. */
  readonly blockRewards: BlockRewards;
  /** Whether the engine lets the leader of the schedule make the block: only the hardhat engine does. */
  readonly followsSchedule: boolean;
  /** How the market works. */
  readonly marketRules: MarketRules;
  /** What sharing a record earns. */
  readonly sharingReward: SharingReward;
  /** 32 bytes in hex, random, that keep votes of one network out of every other. Default: from the genesis block's hash. */
  readonly voteSalt?: string;
}

/** The roles of the consortium's access manager, by number. */
export const ConsortiumRole = {
  Registrar: 1n,
  Operator: 2n,
  Certifier: 3n,
  Arbiter: 4n,
  Pauser: 5n,
  Clearing: 6n,
} as const;

/** The parameters for an administrator where nothing else is said: every right is the administrator's. */
export function defaultParameters(administrator: string): DeploymentParameters {
  return {
    administrator,
    registrars: [administrator],
    operators: [administrator],
    arbiters: [administrator],
    pausers: [administrator],
    operatorDelay: 0,
    emissionCap: parseEther("1000000000"),
    breakGlass: { dailyLimit: 3, duration: 4 * 3600 },
    slots: { genesis: 0, slotTime: 5 },
    validatorRules: {
      seats: 21,
      minValidators: 4,
      epochLength: 24 * 3600,
      unbondingEpochs: 21,
      maxCommission: 2_000,
      commissionNotice: 7,
      jailTime: 24 * 3600,
      slashFraction: 500,
      minSelfStake: parseEther("10000"),
    },
    blockRewards: { blockReward: parseEther("1"), leaderShare: 2_500, minParticipation: 2_000, minBlocks: 100 },
    followsSchedule: false,
    marketRules: {
      periodLength: 30 * 24 * 3600,
      deliveryTime: 7 * 24 * 3600,
      disputeWindow: 7 * 24 * 3600,
      arbitrationTime: 30 * 24 * 3600,
      turnover: 5_000,
      reactivity: 2_500,
    },
    sharingReward: { amount: parseEther("1"), patientPart: 6_000, doctorPart: 1_000, leastFloor: 0n },
  };
}
