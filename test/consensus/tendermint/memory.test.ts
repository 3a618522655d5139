import { expect } from "chai";
import { RoundMemory } from "../../../src/consensus/tendermint/memory.js";
import type { RoundMessages } from "../../../src/consensus/tendermint/round.js";
import { A, proposalBy, valueNamed, verdict } from "../validators.js";

const LEADER = 0;
const LIAR = 1;

/** Puts a verdict of this seat into a round, if the memory takes it. */
function hear(memory: RoundMemory, seat: number, round: number): RoundMessages | undefined {
  const messages = memory.open(round, seat);
  messages?.verdicts.add(seat, 1n, verdict(seat, round, A), () => false);
  return messages;
}

function kept(memory: RoundMemory, rounds: readonly number[]): number[] {
  return rounds.filter((round) => memory.at(round) !== undefined);
}

const rounds = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

describe("consensus/tendermint/memory", () => {
  it("keeps 64 rounds and the present one, however long a height takes", () => {
    const memory = new RoundMemory(() => LEADER);
    for (const round of rounds(0, 1000)) {
      memory.startRound(round, []);
      hear(memory, LIAR, round);
    }
    expect(kept(memory, rounds(0, 1000))).to.deep.equal(rounds(935, 65));
  });

  it("takes one seat's word on 64 rounds to come, and another's on as many of its own", () => {
    const memory = new RoundMemory(() => LEADER);
    memory.startRound(0, []);
    const far = rounds(1_000_000, 500);
    expect(far.filter((round) => hear(memory, LIAR, round) !== undefined)).to.deep.equal(far.slice(0, 64));
    expect(hear(memory, 2, far[499] ?? 0)).not.to.equal(undefined);
    expect(hear(memory, LIAR, far[63] ?? 0)).not.to.equal(undefined);
    expect(hear(memory, LIAR, 0)).not.to.equal(undefined);
  });

  it("takes a seat's word on 64 rounds long over, until the next round starts", () => {
    const memory = new RoundMemory(() => LEADER);
    memory.startRound(10_000, []);
    expect(rounds(0, 500).filter((round) => hear(memory, LIAR, round) !== undefined)).to.have.length(64);
    memory.startRound(10_001, []);
    expect(kept(memory, rounds(0, 500))).to.deep.equal([]);
  });

  it("keeps what it is told to, and what a proposal to come rests on", () => {
    const memory = new RoundMemory(() => LEADER);
    for (const round of [3, 4, 5]) hear(memory, LIAR, round);
    memory.open(900, LEADER)?.propose({ signed: proposalBy(LEADER, 900, A, 4), isValid: true }, () => false);
    memory.startRound(900, [3, undefined]);
    expect(kept(memory, rounds(0, 901))).to.deep.equal([3, 4, 900]);
    memory.startRound(901, []);
    expect(kept(memory, rounds(0, 901))).to.deep.equal([900]);
  });

  it("knows whether a proposal has a value", () => {
    const memory = new RoundMemory(() => LEADER);
    memory.open(7, LEADER)?.propose({ signed: proposalBy(LEADER, 7, A), isValid: false }, () => false);
    expect([A, valueNamed("B")].map((value) => memory.hasProposalOf(value))).to.deep.equal([true, false]);
  });
});
