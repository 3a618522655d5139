import { concat, parseEther, type Signer } from "ethers";
import { deployHealthchain, type Healthchain } from "../../ignition/deploy.js";
import { certificateDomain, issueCertificate } from "../../src/accounts/certificate.js";
import { Role } from "../../src/accounts/role.js";
import { allotEmission } from "../../src/coin/emission.js";
import { elect } from "../../src/consensus/elect.js";
import { electedSetOf } from "../../src/consensus/electedSet.js";
import { extendLeadersHash, NO_LEADERS } from "../../src/consensus/leadersHash.js";
import { settleEpoch } from "../../src/consensus/settleEpoch.js";
import { stand } from "../../src/consensus/stand.js";
import { Phase, type Proposal, type Signed, type Vote } from "../../src/consensus/statement.js";
import { signStatement } from "../../src/consensus/vote.js";
import { domainOf } from "../../src/eip712.js";
import { blockAt, providerOf } from "../../src/provider.js";
import { chainTime, connection, inDays, time } from "../enrolled.js";

/** The rules of the tests' deployment: five seats, epochs of an hour. */
export const RULES = {
  seats: 5,
  minValidators: 4,
  epochLength: 3_600,
  unbondingEpochs: 2,
  maxCommission: 2_000,
  commissionNotice: 3,
  jailTime: 7_200,
  slashFraction: 500,
  minSelfStake: parseEther("10"),
} as const;

export const REWARDS = {
  blockReward: parseEther("4"),
  leaderShare: 2_500,
  minParticipation: 5_000,
  minBlocks: 2,
} as const;

/** In wei. */
export const coins = (amount: number): bigint => parseEther(String(amount));

/** A deployment with six institutions that have coin and a delegator who has, none of whom stands yet. */
export interface Consortium extends Healthchain {
  readonly operator: Signer;
  /** Institution n is at n - 1; each has 10,000 coins. */
  readonly institutions: readonly Signer[];
  /** Not certified; has 10,000 coins. */
  readonly delegator: Signer;
  /** Not certified; has nothing. */
  readonly stranger: Signer;
}

/** What votes are signed with and for. */
export type Validating = Pick<Consortium, "validatorRegistry" | "blockCertifier" | "institutions">;

export async function consortium(): Promise<Consortium> {
  const [operator, delegator, stranger, ...others] = await connection.ethers.getSigners();
  const institutions = others.slice(0, 6);
  if (!operator || !delegator || !stranger || institutions.length < 6) throw new Error("Too few accounts.");
  const contracts = await deployHealthchain(connection, {
    slots: { genesis: 0, slotTime: 4 },
    validatorRules: RULES,
    blockRewards: REWARDS,
  });
  const world = { ...contracts, operator, institutions, delegator, stranger };
  await allotEmission(world.medicalCoin, await operator.getAddress(), coins(1_000_000));
  await allotEmission(world.medicalCoin, await world.blockCertifier.getAddress(), coins(1_000_000));
  for (const institution of institutions) await certify(world, institution);
  for (const holder of [...institutions, delegator]) await world.medicalCoin.mint(holder, coins(10_000));
  return world;
}

/** All six stand: institution n with n * 100 coins of its own, so 6 leads the ranking. */
export async function candidates(): Promise<Consortium> {
  const world = await consortium();
  for (const [index, institution] of world.institutions.entries()) {
    const registry = world.validatorRegistry.connect(institution);
    await stand(registry, { commission: 1_000, amount: coins((index + 1) * 100) });
  }
  return world;
}

/** The five with the most stake are the validators of epoch 1: institutions 2 to 6. */
export async function elected(): Promise<Consortium> {
  const world = await candidates();
  await elect(world.validatorRegistry);
  return world;
}

async function certify({ accountCenter, operator }: Consortium, institution: Signer): Promise<void> {
  const { chainId } = await connection.ethers.provider.getNetwork();
  const domain = certificateDomain(chainId, await accountCenter.getAddress());
  const { certificate, signature } = await issueCertificate(operator, domain, {
    wallet: await institution.getAddress(),
    role: Role.Institution,
    institution: 0,
    identityCommitment: `0x${"11".repeat(32)}`,
    expires: await inDays(3_650),
    now: await chainTime(),
  });
  await accountCenter.enroll(certificate, operator, signature);
}

/** Lets the present epoch end, and elects. */
export async function nextEpoch({ validatorRegistry }: Consortium): Promise<number> {
  await time.increase(RULES.epochLength);
  return (await elect(validatorRegistry)).epoch;
}

/**
 * Confirms the blocks of an epoch up to `height`, all led by its first seat, by the votes of these institutions. The
 * deployment does not follow the schedule, so that any ascending slots do.
 */
export async function confirmUpTo(
  world: Validating,
  number: number,
  height: number,
  signers: readonly number[],
): Promise<void> {
  const { blockCertifier, validatorRegistry } = world;
  const { epoch, set } = await electedSetOf(validatorRegistry, number);
  const start = Math.max(Number(await blockCertifier.confirmedHeight()) + 1, epoch.firstBlock);
  const slots = Array.from({ length: height - start + 1 }, (_, at) => epoch.firstSlot + start - epoch.firstBlock + at);
  const before = start === epoch.firstBlock ? NO_LEADERS : await blockCertifier.leadersHash();
  const vote: Vote = {
    epoch: number,
    height,
    round: 0,
    phase: Phase.Comparison,
    blockHash: (await blockAt(providerOf(validatorRegistry), height)).hash ?? "",
    stateRoot: `0x${"22".repeat(32)}`,
    leadersHash: slots.reduce((hash, slot) => extendLeadersHash(hash, slot, 0), before),
  };
  const voting = set.seats.flatMap(({ candidate }, seat) => (signers.includes(candidate) ? [{ candidate, seat }] : []));
  const votes = await Promise.all(voting.map(({ candidate }) => signedBy(world, candidate, vote)));
  await blockCertifier.confirm({
    ...vote,
    leaders: slots.map((slot) => BigInt(slot) << 8n),
    signers: voting.reduce((bits, { seat }) => bits | (1n << BigInt(seat)), 0n),
    signatures: concat(votes.map(({ signature }) => signature)),
  });
}

/** Ends epoch `number` with an election, confirms all its blocks by the votes of these institutions, and settles it. */
export async function settled(world: Consortium, number: number, signers: readonly number[]): Promise<void> {
  await nextEpoch(world);
  await confirmUpTo(world, number, await time.latestBlock(), signers);
  await settleEpoch(world.blockCertifier);
}

/** A statement that institution n signed. */
export async function signedBy<T extends Vote | Proposal>(
  { institutions, blockCertifier }: Validating,
  institution: number,
  statement: T,
): Promise<Signed<T>> {
  const signer = institutions[institution - 1];
  if (signer === undefined) throw new Error(`There is no institution ${institution}.`);
  return signStatement(signer, await domainOf(blockCertifier), statement);
}

/** A verdict of epoch 1 for the block with this hash. */
export function verdictFor(byte: string, fields: Partial<Vote> = {}): Vote {
  const word = `0x${byte.repeat(32)}`;
  return {
    epoch: 1,
    height: 5,
    round: 0,
    phase: Phase.Verdict,
    blockHash: word,
    stateRoot: word,
    leadersHash: word,
    ...fields,
  };
}
