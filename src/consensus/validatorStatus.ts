import type { BlockCertifier, ValidatorRegistry } from "../../types/ethers-contracts/index.js";
import { type CandidateStatusName, candidateStatusName } from "./candidacy.js";
import type { ElectedSet } from "./electedSet.js";

/** The two contracts of the consensus. */
export interface ConsensusContracts {
  readonly validatorRegistry: ValidatorRegistry;
  readonly blockCertifier: BlockCertifier;
}

/** A validator of the current epoch. */
export interface ValidatorStatus {
  /** Checksummed address, which signs its votes. */
  readonly address: string;
  /** The institution's number. */
  readonly candidate: number;
  /** Where the candidate stands for the next election: who resigns or is jailed serves until the epoch's end. */
  readonly status: CandidateStatusName;
  /** All stake of its pool now, before any slash, in wei of coin. It votes with what there was at the election. */
  readonly stake: bigint;
  /** Its part of the voting power, from 0 to below 1/3. */
  readonly share: number;
  /** Blocks of this epoch that it made, as far as they are confirmed. */
  readonly led: number;
  /** Blocks of this epoch that it signed, as far as they are confirmed. */
  readonly signed: number;
  /** `signed` by the confirmed blocks, from 0 to 1; 1 while none is confirmed, since it has missed none. */
  readonly participation: number;
}

/** Blocks of an epoch whose work the certifier counts: as many as fit its counters. */
const MAX_COUNTED_BLOCKS = 65_535;

/**
 * How many blocks of an epoch are confirmed, as far as they count.
 *
 * @throws what the node throws.
 */
export async function confirmedBlocksOf(
  certifier: BlockCertifier,
  { epoch }: ElectedSet,
  blockTag: number,
): Promise<number> {
  const [height, confirmedEpoch] = await Promise.all([
    certifier.confirmedHeight({ blockTag }),
    certifier.confirmedEpoch({ blockTag }),
  ]);
  if (Number(confirmedEpoch) !== epoch.number) return 0;
  return Math.min(Number(height) - epoch.firstBlock + 1, MAX_COUNTED_BLOCKS);
}

/**
 * What each validator of a set has and does.
 *
 * @param confirmedBlocks what {@link confirmedBlocksOf} says of this epoch.
 * @throws {InvalidCandidateStatus}, and what the node throws.
 */
export function validatorStatuses(
  contracts: ConsensusContracts,
  { epoch, set }: ElectedSet,
  confirmedBlocks: number,
  blockTag: number,
): Promise<ValidatorStatus[]> {
  const { validatorRegistry: registry, blockCertifier: certifier } = contracts;
  return Promise.all(
    set.seats.map(async ({ validator, candidate, power }, seat) => {
      const [{ bonded }, { status }, { signed, led }] = await Promise.all([
        registry.poolOf(candidate, { blockTag }),
        registry.candidacyOf(candidate, { blockTag }),
        certifier.participationOf(epoch.number, seat, { blockTag }),
      ]);
      return {
        address: validator,
        candidate,
        status: candidateStatusName(status),
        stake: bonded,
        share: Number(power) / Number(set.total),
        led: Number(led),
        signed: Number(signed),
        participation: confirmedBlocks === 0 ? 1 : Math.min(Number(signed) / confirmedBlocks, 1),
      };
    }),
  );
}
