import { expect } from "chai";
import { Phase } from "../../../src/consensus/statement.js";
import { NIL } from "../../../src/consensus/value.js";
import { A, B, four, proposalBy, valueNamed, verdict } from "../validators.js";
import { Driver, leaderOf, seatBeside } from "./driver.js";

const leader = leaderOf(0);
const me = seatBeside(0);
const [first = 0, second = 0] = [0, 1, 2, 3].filter((seat) => seat !== leader && seat !== me);

function started(): Driver {
  const driver = new Driver({ seat: me });
  driver.start(0);
  return driver;
}

describe("consensus/tendermint, among liars", () => {
  it("reports two votes that contradict each other, once for each round and phase", () => {
    const driver = started();
    driver.verdicts(0, A, leader);
    expect(driver.machine.handle({ kind: "vote", vote: verdict(leader, 0, B) })).to.deep.equal([
      { kind: "doubleVote", first: verdict(leader, 0, A), second: verdict(leader, 0, B) },
    ]);
    expect(driver.verdicts(0, valueNamed("C"), leader)).to.deep.equal([]);
    expect(driver.verdicts(0, NIL, leader)).to.deep.equal([]);
    expect(driver.verdicts(1, NIL, leader)).to.deep.equal([]);
    expect(driver.verdicts(1, A, leader)).to.deep.equal(["doubleVote"]);
    expect(driver.comparisons(0, A, leader)).to.deep.equal([]);
    expect(driver.comparisons(0, B, leader)).to.deep.equal(["doubleVote"]);
  });

  it("reports two proposals of a leader, once for each round, also if only the valid round differs", () => {
    const driver = started();
    driver.proposal(0, A);
    const second = proposalBy(leader, 0, B);
    expect(driver.machine.handle({ kind: "proposal", proposal: second, isValid: true })).to.deep.equal([
      { kind: "doubleProposal", first: proposalBy(leader, 0, A), second },
    ]);
    expect(driver.proposal(0, valueNamed("C"))).to.deep.equal([]);
    const other = started();
    other.proposal(2, A);
    expect(other.proposal(2, A, { validRound: 1 })).to.deep.equal(["doubleProposal"]);
  });

  it("says nothing of votes that differ in round or phase, or of a repeated vote", () => {
    const driver = started();
    const said = [driver.verdicts(0, A, 0, 0), driver.comparisons(0, B, 0, 0), driver.verdicts(1, B, 0, 0)];
    expect(said.flat()).to.deep.equal([]);
  });

  it("hears a liar once for each value, so that nobody's quorum is hidden from others", () => {
    const driver = started();
    driver.proposal(0, A);
    driver.verdicts(0, NIL, leader);
    driver.verdicts(0, A, first, second);
    expect(driver.verdicts(0, A, leader)).to.deep.equal(["doubleVote", "comparison A 0"]);
  });

  it("does not count a liar's second vote for what nobody else backs", () => {
    const driver = started();
    driver.verdicts(0, A, leader);
    for (let made = 0; made < 1000; made++) driver.verdicts(0, valueNamed(`made up ${made}`), leader);
    expect(driver.machine.worthRepeating.votes).to.have.length(1);
    driver.verdicts(0, B, first, second);
    driver.verdicts(0, B, leader);
    expect(driver.machine.worthRepeating.votes).to.have.length(4);
  });

  it("asks for no audit of a leader's second proposal until a quorum backs it", () => {
    const driver = started();
    const other = proposalBy(leader, 0, B);
    expect(driver.machine.isOfUse(other.statement)).to.equal(true);
    driver.proposal(0, A);
    expect(driver.machine.isOfUse(other.statement)).to.equal(false);
    driver.verdicts(0, B, first, second);
    expect(driver.machine.isOfUse(other.statement)).to.equal(false);
    driver.verdicts(0, B, leader);
    expect(driver.machine.isOfUse(other.statement)).to.equal(true);
  });

  it("goes with the quorum if the leader proposed something else to it", () => {
    const driver = started();
    expect(driver.proposal(0, A)).to.deep.equal(["verdict A 0"]);
    driver.verdicts(0, B, leader, first, second);
    expect(driver.proposal(0, B)).to.deep.equal(["doubleProposal", "comparison B 0"]);
    expect(driver.comparisons(0, B, leader, first, second)).to.deep.equal(["decide B 0"]);
  });

  it("does not go with a second proposal that no quorum backs, or that is invalid", () => {
    const unbacked = started();
    unbacked.proposal(0, A);
    unbacked.proposal(0, B);
    unbacked.verdicts(0, B, leader, first);
    expect(unbacked.verdicts(0, B, second)).to.deep.equal([]);

    const invalid = started();
    invalid.proposal(0, A);
    invalid.verdicts(0, B, leader, first, second);
    expect(invalid.proposal(0, B, { isValid: false })).to.deep.equal(["doubleProposal"]);
    expect(invalid.comparisons(0, B, leader, first, second)).to.deep.equal([]);
  });

  it("keeps what is worth repeating: the present round, and why the valid value is valid", () => {
    const driver = started();
    driver.proposal(0, A);
    driver.verdicts(0, A, leader, first, second);
    driver.start(1);
    driver.verdicts(1, B, first);
    const { votes, proposals } = driver.machine.worthRepeating;
    expect(proposals).to.deep.equal([proposalBy(leader, 0, A)]);
    expect(votes.map(({ statement }) => [statement.round, statement.phase])).to.deep.equal([
      [0, Phase.Verdict],
      [0, Phase.Verdict],
      [0, Phase.Verdict],
      [1, Phase.Verdict],
    ]);
  });

  describe("and its memory", () => {
    const kept = (driver: Driver, round: number) => driver.comparisons(round, A, ...four.seats.keys());

    it("takes a seat's word on 64 rounds to come, and of others none the less", () => {
      const driver = started();
      for (let round = 1; round <= 200; round++) driver.comparisons(round, A, first);
      for (let round = 1; round <= 64; round++) driver.comparisons(round, A, second);
      const isHeard = (round: number) => {
        driver.start(round);
        return driver.machine.worthRepeating.votes.length;
      };
      expect([64, 65, 66].map(isHeard)).to.deep.equal([2, 0, 0]);
    });

    it("forgets rounds long over, and lets them be told again", () => {
      const driver = started();
      driver.proposal(0, A);
      driver.comparisons(0, A, first, second);
      driver.start(64);
      driver.start(65);
      expect(driver.comparisons(0, A, leader)).to.deep.equal([]);
      expect(driver.proposal(0, A)).to.deep.equal([]);
      expect(kept(driver, 0)).to.deep.equal(["decide A 0"]);
    });

    it("never forgets the rounds of the lock, and of a proposal's valid round", () => {
      const driver = started();
      driver.proposal(0, A);
      driver.verdicts(0, A, leader, first, second);
      driver.start(5000);
      expect(driver.machine.worthRepeating.votes).to.have.length(3);

      const other = started();
      other.verdicts(0, A, leader, first, second);
      other.proposal(5000, A, { validRound: 0 });
      expect(other.start(5000)).to.include("verdict A 5000");
    });
  });
});
