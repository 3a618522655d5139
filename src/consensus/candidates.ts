import type { ValidatorRegistry } from "../../types/ethers-contracts/index.js";
import { candidateStatusName } from "./candidacy.js";

/** How many stand for election, and who cannot. */
export interface Candidates {
  /** How many stand. */
  readonly standing: number;
  /** Who is in jail, and until when, in seconds since 1970: then it may stand again, by `unjail`. */
  readonly jailed: readonly { readonly candidate: number; readonly until: number }[];
  /** Who is excluded for good, and the first epoch whose stake answers for it. */
  readonly tombstoned: readonly { readonly candidate: number; readonly faultEpoch: number }[];
}

/**
 * Who stands, and who cannot, at a block. Looks through the whole chain for those that ever were jailed or slashed.
 *
 * @throws {InvalidCandidateStatus}, and what the node throws.
 */
export async function candidatesAt(registry: ValidatorRegistry, blockTag: number): Promise<Candidates> {
  const { CandidateJailed, CandidateSlashed } = registry.filters;
  const [standing, jailings, slashes] = await Promise.all([
    registry.standingCount({ blockTag }),
    registry.queryFilter(CandidateJailed(), 0, blockTag),
    registry.queryFilter(CandidateSlashed(), 0, blockTag),
  ]);
  const numbers = new Set([...jailings, ...slashes].map(({ args }) => Number(args.candidate)));
  const found = await Promise.all(
    [...numbers]
      .sort((a, b) => a - b)
      .map(async (candidate) => {
        const { status, jailedUntil, faultEpoch } = await registry.candidacyOf(candidate, { blockTag });
        return {
          candidate,
          status: candidateStatusName(status),
          until: Number(jailedUntil),
          faultEpoch: Number(faultEpoch),
        };
      }),
  );
  return {
    standing: Number(standing),
    jailed: found.filter(({ status }) => status === "Jailed").map(({ candidate, until }) => ({ candidate, until })),
    tombstoned: found
      .filter(({ status }) => status === "Tombstoned")
      .map(({ candidate, faultEpoch }) => ({ candidate, faultEpoch })),
  };
}
