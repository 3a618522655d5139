import { candidacyOf } from "../../src/consensus/candidacy.js";
import { candidateOf, senderOf } from "../../src/consensus/sender.js";
import type { ValidatorRegistry } from "../../types/ethers-contracts/index.js";
import { wholeNumberArgument } from "../arguments/number.js";
import { isoTime } from "../clock.js";
import { coins } from "../coin/amount.js";
import { percent } from "./percent.js";

/** A candidate's number. @throws {ArgumentInvalid} */
export function candidateArgument(text: string): number {
  return wholeNumberArgument(text, 1, 65_535);
}

/** The candidacy of who sends what the registry is asked for. @throws {NotAnInstitution} */
export async function ownCandidate(registry: ValidatorRegistry): Promise<number> {
  return candidateOf(registry, await senderOf(registry));
}

/** Where a candidate stands, for people to read. */
export async function candidateText(registry: ValidatorRegistry, candidate: number) {
  const [{ status, commission, announced, jailedUntil }, { bonded }] = await Promise.all([
    candidacyOf(registry, candidate),
    registry.poolOf(candidate),
  ]);
  return {
    candidate,
    status,
    stake: coins(bonded),
    stakeWei: bonded,
    commissionPercent: percent(commission),
    ...(announced && { announcedPercent: percent(announced.commission), fromEpoch: announced.from }),
    ...(status === "Jailed" && { jailedUntil: isoTime(jailedUntil) }),
  };
}
