import { Phase, type PhaseCode, type Proposal, type Signed } from "../statement.js";
import { sameValue } from "../value.js";
import { Tally } from "./tally.js";

/** A proposal, and what the own audit said about its block. */
export interface JudgedProposal {
  readonly signed: Signed<Proposal>;
  readonly isValid: boolean;
}

/** What came in of one round. */
export class RoundMessages {
  readonly verdicts = new Tally();
  readonly comparisons = new Tally();
  readonly #proposals: JudgedProposal[] = [];
  #leaderIsAccused = false;

  /** The first proposal of the round's leader. */
  get proposal(): JudgedProposal | undefined {
    return this.#proposals[0];
  }

  /** The first proposal, and the one that was kept besides it, if there is one. */
  get proposals(): readonly JudgedProposal[] {
    return this.#proposals;
  }

  tallyOf(phase: PhaseCode): Tally {
    return phase === Phase.Verdict ? this.verdicts : this.comparisons;
  }

  /**
   * Takes a proposal of the round's leader. Whoever leads honestly makes one. Of a liar's others, one is of use, and kept:
   * a valid one that a quorum voted for, which only others got in time.
   *
   * @param isBacked whether a quorum of the round voted for its value.
   * @returns the first proposal, if this is the first one that contradicts it.
   */
  propose(proposal: JudgedProposal, isBacked: () => boolean): Signed<Proposal> | undefined {
    const [first, second] = this.#proposals;
    if (first === undefined) this.#proposals.push(proposal);
    if (first === undefined || isSame(first.signed, proposal.signed)) return undefined;
    if (second === undefined && proposal.isValid && isBacked()) this.#proposals.push(proposal);
    if (this.#leaderIsAccused) return undefined;
    this.#leaderIsAccused = true;
    return first.signed;
  }

  hasHeard(seat: number, leader: number): boolean {
    const hasProposed = seat === leader && this.#proposals.length > 0;
    return hasProposed || this.verdicts.hasHeard(seat) || this.comparisons.hasHeard(seat);
  }
}

function isSame({ statement: a }: Signed<Proposal>, { statement: b }: Signed<Proposal>): boolean {
  return a.validRound === b.validRound && sameValue(a, b);
}
