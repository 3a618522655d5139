import type { BlockTag } from "ethers";
import type { ValidatorRegistry } from "../../types/ethers-contracts/index.js";
import { currentEpochOf } from "./electedSet.js";

/** Where a candidate stands, as `IValidatorRegistry.CandidateStatus` numbers it. All but `Standing` cannot be elected. */
export const CandidateStatus = { None: 0, Standing: 1, Resigned: 2, Jailed: 3, Tombstoned: 4 } as const;

export type CandidateStatusName = keyof typeof CandidateStatus;

/** The number is no status of a candidate. */
export class InvalidCandidateStatus extends Error {
  override readonly name = "InvalidCandidateStatus";

  constructor(code: number | bigint) {
    super(
      `A candidate has no status ${code}: give 0 (None) to 4 (Tombstoned), and check that contract and library fit.`,
    );
  }
}

/** An institution as a candidate. */
export interface Candidacy {
  readonly status: CandidateStatusName;
  /** The operator's part of the rewards in the current epoch, in basis points. */
  readonly commission: number;
  /** Another commission that was announced, with the epoch in which it begins; undefined if there is none. */
  readonly announced: { readonly commission: number; readonly from: number } | undefined;
  /** When it may stand again, in seconds since 1970; 0 if it never was in jail. */
  readonly jailedUntil: number;
  /** Why it is excluded: the first epoch whose stake answers, and what was burned of it in basis points; undefined if it is not. */
  readonly fault: { readonly epoch: number; readonly slashed: number } | undefined;
}

/**
 * What the chain knows of a candidate, apart from its stake.
 *
 * @param candidate the institution's number.
 * @throws {InvalidCandidateStatus}, and what the node throws.
 */
export async function candidacyOf(
  registry: ValidatorRegistry,
  candidate: number,
  blockTag: BlockTag = "latest",
): Promise<Candidacy> {
  const [{ number: epoch }, kept] = await Promise.all([
    currentEpochOf(registry, blockTag),
    registry.candidacyOf(candidate, { blockTag }),
  ]);
  const { commission, nextCommission, commissionFrom, jailedUntil, faultEpoch, slashed } = kept;
  const isPending = epoch < commissionFrom;
  return {
    status: candidateStatusName(kept.status),
    commission: Number(isPending ? commission : nextCommission),
    announced: isPending ? { commission: Number(nextCommission), from: Number(commissionFrom) } : undefined,
    jailedUntil: Number(jailedUntil),
    fault: faultEpoch === 0n ? undefined : { epoch: Number(faultEpoch), slashed: Number(slashed) },
  };
}

/**
 * The name of a status, for people to read.
 *
 * @throws {InvalidCandidateStatus}
 */
export function candidateStatusName(code: number | bigint): CandidateStatusName {
  const names = Object.keys(CandidateStatus) as CandidateStatusName[];
  const name = names.find((candidate) => CandidateStatus[candidate] === Number(code));
  if (name === undefined) throw new InvalidCandidateStatus(code);
  return name;
}
