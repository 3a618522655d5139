import type { Signed, Vote } from "../statement.js";
import { sameValue, type Value } from "../value.js";

/** Those who voted for one value. */
interface Camp {
  readonly value: Value;
  power: bigint;
  readonly votes: Map<number, Signed<Vote>>;
}

/** The votes of one phase of one round. */
export class Tally {
  readonly #first = new Map<number, Signed<Vote>>();
  readonly #camps: Camp[] = [];
  readonly #accused = new Set<number>();

  /**
   * Takes a vote; the same vote again changes nothing.
   *
   * A seat is heard once *for each value*, as in the paper, whose quorums are sets of messages: if the honest did not
   * agree on which of a liar's two votes counts, the liar could keep some of them from ever seeing the quorum on which
   * another is locked. So that a liar cannot fill the memory, a seat's further votes count only for values that have
   * backing: another validator's first vote, or a proposal.
   *
   * @param isBacked whether a proposal has this value; asked for contradicting votes only.
   * @returns the seat's first vote, if this is the first one that contradicts it.
   */
  add(seat: number, power: bigint, vote: Signed<Vote>, isBacked: () => boolean): Signed<Vote> | undefined {
    const first = this.#first.get(seat);
    if (first === undefined) this.#first.set(seat, vote);
    const camp = this.#campOf(vote.statement);
    const contradicts = first !== undefined && !sameValue(first.statement, vote.statement);
    if (!contradicts || camp !== undefined || isBacked()) join(camp ?? this.#newCamp(vote), seat, power, vote);
    if (!contradicts || this.#accused.has(seat)) return undefined;
    this.#accused.add(seat);
    return first;
  }

  /** Power behind a value. */
  powerFor(value: Value): bigint {
    return this.#campOf(value)?.power ?? 0n;
  }

  /** The votes for a value, one of each seat. */
  votesFor(value: Value): Signed<Vote>[] {
    return [...(this.#campOf(value)?.votes.values() ?? [])];
  }

  /** All votes that count. */
  votes(): Signed<Vote>[] {
    return this.#camps.flatMap(({ votes }) => [...votes.values()]);
  }

  hasHeard(seat: number): boolean {
    return this.#first.has(seat);
  }

  #campOf(value: Value): Camp | undefined {
    return this.#camps.find((camp) => sameValue(camp.value, value));
  }

  #newCamp({ statement }: Signed<Vote>): Camp {
    const camp = { value: statement, power: 0n, votes: new Map() };
    this.#camps.push(camp);
    return camp;
  }
}

function join(camp: Camp, seat: number, power: bigint, vote: Signed<Vote>): void {
  if (camp.votes.has(seat)) return;
  camp.votes.set(seat, vote);
  camp.power += power;
}
