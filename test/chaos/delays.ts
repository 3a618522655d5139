import { isVote, Phase, type Proposal, type Signed, type Vote } from "../../src/consensus/statement.js";
import { isNil } from "../../src/consensus/value.js";
import type { ChaosNetwork } from "./chaosNetwork.js";
import { say } from "./say.js";

/** When each kind of statement has to be there for a block to be decided in its slot, as a part of the slot. */
const DUE = { proposal: 1 / 4, verdict: 1 / 2, comparison: 1 } as const;
const kinds = Object.keys(DUE) as readonly (keyof typeof DUE)[];

/** How late a statement was heard. */
export interface Delay {
  readonly kind: keyof typeof DUE;
  readonly slot: number;
  /** From the start of its slot, as a part of the slot. */
  readonly part: number;
}

/** How late all proposals, and all votes for blocks, were that were heard since a time in seconds since 1970. */
export function delaysSince(network: ChaosNetwork, time: number): Delay[] {
  const { ledger } = network.network.observer;
  const delayOf = (signed: Signed<Proposal | Vote>, at: number): Delay[] => {
    const { height, round } = signed.statement;
    const parent = ledger.madeOf(height - 1);
    // Nil is said when the clock says so.
    if (parent === undefined || isNil(signed.statement)) return [];
    const slot = parent.slot + 1 + round;
    return [{ kind: kindOf(signed), slot, part: (at - network.startOf(slot)) / network.network.genesis.slotTime }];
  };
  return [
    ...network.wiretap.proposalsSince(time).flatMap(({ proposal, at }) => delayOf(proposal, at)),
    ...network.wiretap.votesSince(time).flatMap(({ vote, at }) => delayOf(vote, at)),
  ];
}

/** The slots in which something came too late: there, what liveness assumes did not hold. */
export function lateSlots(delays: readonly Delay[]): Set<number> {
  return new Set(delays.filter(({ kind, part }) => part > DUE[kind]).map(({ slot }) => slot));
}

/** Prints how much of the time that the protocol allows was needed. */
export function sayDelays(network: ChaosNetwork): void {
  const { slotTime } = network.network.genesis;
  const delays = delaysSince(network, 0);
  for (const kind of kinds) {
    const parts = delays.filter((delay) => delay.kind === kind).map(({ part }) => part);
    const sorted = parts.sort((a, b) => a - b);
    const at = (share: number) => Math.round((sorted[Math.floor(share * sorted.length)] ?? 0) * slotTime * 1_000);
    const allowed = DUE[kind] * slotTime * 1_000;
    say(
      `${kind}s came ${at(0.5)} ms (median), ${at(0.95)} ms (95 %) after their slot began; ${allowed} ms are allowed`,
    );
  }
}

function kindOf({ statement }: Signed<Proposal | Vote>): Delay["kind"] {
  if (!isVote(statement)) return "proposal";
  return statement.phase === Phase.Verdict ? "verdict" : "comparison";
}
