import { formatEther } from "ethers";
import type { Healthchain } from "../../ignition/deploy.js";
import { candidacyOf } from "../../src/consensus/candidacy.js";
import { currentEpochOf, type ElectedSet, electedSetOf } from "../../src/consensus/electedSet.js";
import type { Seat } from "../../src/consensus/validatorSet.js";
import { blockAt, providerOf } from "../../src/provider.js";
import { type ConsensusReport, percent, type ValidatorReport } from "./report.js";

/** What one seat did in its epoch, as far as it is confirmed. */
export interface SeatRecord extends Seat {
  /** Its part of the voting power. */
  readonly share: number;
  readonly led: number;
  readonly signed: number;
}

/** What the validators of one epoch did. */
export interface EpochRecord {
  readonly number: number;
  /** Blocks that its set decided. */
  readonly blocks: number;
  readonly seats: readonly SeatRecord[];
}

/** What the validators did, epoch by epoch and in all. */
export interface ConsensusRecord extends Omit<ConsensusReport, "epochs"> {
  readonly epochs: readonly EpochRecord[];
}

/** Everything that the chain says about its validators' work. */
export async function consensusRecordOf(contracts: Healthchain): Promise<ConsensusRecord> {
  const { validatorRegistry: registry, blockCertifier: certifier } = contracts;
  const [{ number: head }, current] = await Promise.all([
    blockAt(providerOf(registry), "latest"),
    currentEpochOf(registry),
  ]);
  const numbers = Array.from({ length: current.number }, (_, index) => index + 1);
  const elected = await Promise.all(numbers.map((number) => electedSetOf(registry, number)));
  const epochs = await Promise.all(elected.map((set) => epochRecordOf(contracts, set, head)));
  const before = (elected[0]?.epoch.firstBlock ?? head + 1) - 1;
  return {
    epochs,
    blocks: head - before,
    confirmed: Number(await certifier.confirmedHeight()) - before,
    validators: await validatorReports(contracts, epochs),
  };
}

/** A line for each epoch: who led how many of its blocks, against the share of the power. */
export function epochLines({ epochs }: ConsensusRecord): string[] {
  return epochs.map(({ number, blocks, seats }) => {
    const confirmed = seats.reduce((sum, { led }) => sum + led, 0);
    const leaders = seats.map(
      ({ candidate, led, share }) =>
        `institution ${candidate} ${led} (${percent(led / Math.max(confirmed, 1))} of ${percent(share)})`,
    );
    return `epoch ${number}, ${blocks} blocks, led by ${leaders.join(", ")}`;
  });
}

async function epochRecordOf(
  { blockCertifier: certifier }: Healthchain,
  { epoch, endBlock, set }: ElectedSet,
  head: number,
): Promise<EpochRecord> {
  const seats = set.seats.map(async (seat, index) => {
    const { signed, led } = await certifier.participationOf(epoch.number, index);
    return { ...seat, share: Number(seat.power) / Number(set.total), led: Number(led), signed: Number(signed) };
  });
  const blocks = (endBlock ?? head + 1) - epoch.firstBlock;
  return { number: epoch.number, blocks, seats: await Promise.all(seats) };
}

async function validatorReports(contracts: Healthchain, epochs: readonly EpochRecord[]): Promise<ValidatorReport[]> {
  const candidates = new Map(
    epochs.flatMap(({ seats }) => seats.map(({ candidate, validator }) => [candidate, validator])),
  );
  const ascending = [...candidates].sort(([one], [other]) => one - other);
  return Promise.all(
    ascending.map(async ([candidate, address]) => {
      const work = epochs.flatMap(({ seats }) => seats.filter((seat) => seat.candidate === candidate));
      const present = epochs.at(-1)?.seats.find((seat) => seat.candidate === candidate);
      return {
        address,
        stake: await stakeOf(contracts, candidate),
        share: present?.share ?? 0,
        led: work.reduce((sum, { led }) => sum + led, 0),
        signed: work.reduce((sum, { signed }) => sum + signed, 0),
        earned: await earnedBy(contracts, candidate),
      };
    }),
  );
}

async function stakeOf({ validatorRegistry: registry }: Healthchain, candidate: number): Promise<number> {
  const [{ bonded }, { fault }] = await Promise.all([registry.poolOf(candidate), candidacyOf(registry, candidate)]);
  return Number(formatEther(bonded)) * (1 - (fault?.slashed ?? 0) / 10_000);
}

async function earnedBy({ validatorRegistry: registry }: Healthchain, candidate: number): Promise<number> {
  const rewards = await registry.queryFilter(registry.filters.Rewarded(candidate));
  return Number(formatEther(rewards.reduce((sum, { args }) => sum + args.amount, 0n)));
}
