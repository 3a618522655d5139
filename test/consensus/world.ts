import { id as hashOf, parseEther, Wallet } from "ethers";
import { deployHealthchain, type Healthchain } from "../../ignition/deploy.js";
import { ConsortiumRole } from "../../ignition/parameters.js";
import type { BlockRewards } from "../../src/consensus/blockRewards.js";
import type { ValidatorRules } from "../../src/consensus/validatorRules.js";
import {
  type Actor,
  type Certificate,
  certificateFor,
  connection,
  ethers,
  networkHelpers,
  Role,
  time,
} from "../fixture.js";
import { domainOf, sign } from "../signatures.js";

/** When slot 0 began, in the tests' deployments: a multiple of the slot time, in seconds. */
export const GENESIS = 1_600_000_000;
export const SLOT_TIME = 4;

/** Few epochs of unbonding and notice, so that tests see their ends. */
export const RULES: ValidatorRules = {
  seats: 21,
  minValidators: 4,
  epochLength: 3_600,
  unbondingEpochs: 3,
  maxCommission: 2_000,
  commissionNotice: 2,
  jailTime: 7_200,
  slashFraction: 500,
  minSelfStake: parseEther("1000"),
};

export const REWARDS: BlockRewards = {
  blockReward: parseEther("1"),
  leaderShare: 2_500,
  minParticipation: 2_000,
  minBlocks: 10,
};

/** What every institution and delegator holds, and lets the registry take, besides what they have at stake. */
export const PURSE = parseEther("1000000");

/** Commission of the institutions that stand, in basis points. */
export const COMMISSION = 1_000;

/** An institution, whose wallet operates the candidate and signs as validator. */
export interface Institution {
  /** Its number: 1 for the first. */
  readonly candidate: number;
  readonly operator: Wallet;
}

/** A deployment with institutions, some of which stand for election, and delegators. Nothing is elected yet. */
export interface Consortium extends Healthchain {
  readonly administrator: Actor;
  readonly registrar: Actor;
  /** Holds the consortium's operator role, and mints. */
  readonly consortiumOperator: Actor;
  /** An account that may reward, jail and slash, besides the block certifier. */
  readonly certifier: Actor;
  /** Institution 1 first: `institutions[i].candidate` is `i + 1`. */
  readonly institutions: readonly Institution[];
  readonly delegator: Actor;
  readonly colleague: Actor;
  /** Holds no coin and no certificate. */
  readonly stranger: Actor;
}

export interface ConsortiumOptions {
  readonly rules?: Partial<ValidatorRules>;
  readonly rewards?: Partial<BlockRewards>;
  /** In seconds. */
  readonly slotTime?: number;
  readonly followsSchedule?: boolean;
  readonly voteSalt?: string;
  /** What the block certifier may mint, in wei. 0 for no emission at all. */
  readonly certifierQuota?: bigint;
}

/**
 * Deploys and certifies as many institutions as there are stakes; each stands with its stake, in wei, unless that is 0.
 * Give a fixture of its own name to `loadFixture` that calls this.
 */
export async function consortiumOf(stakes: readonly bigint[], options: ConsortiumOptions = {}): Promise<Consortium> {
  const [administrator, registrar, consortiumOperator, certifier, delegator, colleague, stranger] =
    await ethers.getSigners();
  if (!administrator || !registrar || !consortiumOperator || !certifier || !delegator || !colleague || !stranger)
    throw new Error("The network has too few accounts.");
  const contracts = await deployHealthchain(connection, {
    registrars: [registrar.address],
    operators: [consortiumOperator.address],
    emissionCap: parseEther("1000000000"),
    slots: { genesis: GENESIS, slotTime: options.slotTime ?? SLOT_TIME },
    validatorRules: { ...RULES, ...options.rules },
    blockRewards: { ...REWARDS, ...options.rewards },
    followsSchedule: options.followsSchedule ?? true,
    ...(options.voteSalt !== undefined && { voteSalt: options.voteSalt }),
  });
  const { consortium, medicalCoin, blockCertifier } = contracts;
  await consortium.connect(administrator).grantRole(ConsortiumRole.Certifier, certifier, 0);
  await medicalCoin.connect(consortiumOperator).allotEmission(consortiumOperator, parseEther("900000000"));
  const quota = options.certifierQuota ?? parseEther("1000000");
  if (quota !== 0n) await medicalCoin.connect(consortiumOperator).allotEmission(blockCertifier, quota);

  const people = { administrator, registrar, consortiumOperator, certifier, delegator, colleague, stranger };
  const world: Consortium = { ...contracts, ...people, institutions: stakes.map((_, index) => institutionAt(index)) };
  await fillPurse(world, delegator);
  await fillPurse(world, colleague);
  for (const [index, stake] of stakes.entries()) await settle(world, institutionOf(world, index), stake);
  return world;
}

/** An institution that is not certified yet: the one after `index` others. Its key is the same in every run. */
export function institutionAt(index: number): Institution {
  return { candidate: index + 1, operator: new Wallet(hashOf(`institution ${index + 1}`), ethers.provider) };
}

/** The institution after `index` others. */
export function institutionOf({ institutions }: Consortium, index: number): Institution {
  const institution = institutions[index];
  if (institution === undefined) throw new Error(`There are ${institutions.length} institutions only.`);
  return institution;
}

/** Certifies an institution, the next of the account center, and lets it stand unless its stake is 0. */
export async function settle(world: Consortium, institution: Institution, stake: bigint): Promise<void> {
  const { operator } = institution;
  await networkHelpers.setBalance(operator.address, 10n ** 24n);
  await certify(world, operator.address);
  await fillPurse(world, operator, stake);
  if (stake !== 0n) await world.validatorRegistry.connect(operator).stand(COMMISSION, stake, 0);
}

/** Certifies a wallet, by default as an institution, or renews its certificate. `expiresAt` is in seconds. */
export async function certify(
  world: Consortium,
  wallet: string,
  fields: Partial<Pick<Certificate, "role" | "institution" | "expiresAt">> = {},
): Promise<void> {
  const certificate = await certificateFor({ wallet, role: Role.Institution, ...fields });
  const domain = domainOf("Healthchain AccountCenter", await world.accountCenter.getAddress());
  const signature = await sign(world.registrar, domain, "Certificate", certificate);
  await world.accountCenter.enroll(certificate, world.registrar.address, signature);
}

/** Mints coin for somebody, who lets the registry take it. */
export async function fillPurse(world: Consortium, owner: Actor | Wallet, besides = 0n): Promise<void> {
  const { medicalCoin, validatorRegistry, consortiumOperator } = world;
  await medicalCoin.connect(consortiumOperator).mint(owner.address, PURSE + besides);
  await medicalCoin.connect(owner).approve(validatorRegistry, 2n ** 256n - 1n);
}

/** Elects as often as said, each time when the epoch is due; returns the number of the epoch that has begun. */
export async function elect(world: Consortium, times = 1): Promise<number> {
  const { validatorRegistry } = world;
  for (let i = 0; i < times; i += 1) {
    const current = await validatorRegistry.currentEpoch();
    const { epochLength } = await validatorRegistry.rules();
    const dueAt = Number(BigInt.asUintN(40, current >> 32n) + epochLength);
    if (current !== 0n && (await time.latest()) < dueAt) await time.setNextBlockTimestamp(dueAt);
    await validatorRegistry.connect(world.stranger).elect();
  }
  return Number(BigInt.asUintN(32, await validatorRegistry.currentEpoch()));
}

/** `IValidatorRegistry.CandidateStatus`, by number. */
export const CandidateStatus = { None: 0, Standing: 1, Resigned: 2, Jailed: 3, Tombstoned: 4 } as const;

/** Wei of so many coins. */
export function coins(amount: number): bigint {
  return parseEther(String(amount));
}

/** The numbers of the candidates that stand, the one with the most power first, read along the links both ways. */
export async function rankingOf({ validatorRegistry }: Consortium): Promise<number[]> {
  const linkOf = (rank: bigint, at: bigint): number => Number(BigInt.asUintN(16, rank >> at));
  const walk = async (at: bigint): Promise<number[]> => {
    const numbers: number[] = [];
    let next = linkOf(await validatorRegistry.ranks(0), at);
    while (next !== 0) {
      numbers.push(next);
      next = linkOf(await validatorRegistry.ranks(next), at);
    }
    return numbers;
  };
  const [down, up] = [await walk(224n), await walk(240n)];
  if (down.join() !== up.reverse().join()) throw new Error(`The links disagree: ${down} down, ${up} up.`);
  return down;
}

/** What a candidate would vote with if it were not capped, in gwei of coin; 0 outside the ranking. */
export async function powerOf({ validatorRegistry }: Consortium, candidate: number): Promise<bigint> {
  return BigInt.asUintN(64, (await validatorRegistry.ranks(candidate)) >> 160n);
}
