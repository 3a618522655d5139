import { expect } from "chai";
import { NIL } from "../../../src/consensus/value.js";
import { A, B, comparison, EPOCH, four, HEIGHT, proposalBy, verdict } from "../validators.js";
import { Driver, leaderOf, roundLedBy, seatBeside } from "./driver.js";

const quorum = [0, 1, 2];
const oneShort = [0, 1];
const watcher = () => new Driver({ seat: seatBeside(0, 1) });

/** Locked on A in round 0, and now in round 1. */
function lockedOnA(): Driver {
  const driver = watcher();
  driver.start(0);
  driver.proposal(0, A);
  expect(driver.verdicts(0, A, ...quorum)).to.deep.equal(["comparison A 0"]);
  expect(driver.machine.locked).to.deep.equal({ round: 0, value: A });
  driver.start(1);
  return driver;
}

describe("consensus/tendermint/machine", () => {
  describe("lines 11 to 21: a round starts", () => {
    it("has the leader propose a new block, and nobody else", () => {
      for (const seat of four.seats.keys()) {
        const isLeader = seat === leaderOf(0);
        expect(new Driver({ seat }).start(0)).to.deep.equal(isLeader ? ["propose new 0 -1"] : []);
      }
    });

    it("has the leader propose the valid value again, with the verdicts that made it valid", () => {
      const later = roundLedBy(leaderOf(0), 1);
      const driver = new Driver({ seat: leaderOf(0) });
      driver.start(0);
      driver.proposal(0, A);
      driver.verdicts(0, A, ...quorum);
      const [action] = driver.machine.handle({ kind: "roundStarted", round: later });
      expect(action).to.deep.equal({
        kind: "propose",
        round: later,
        validRound: 0,
        value: A,
        verdicts: quorum.map((seat) => verdict(seat, 0, A)),
      });
    });

    it("happens once, and never for an earlier round", () => {
      const driver = new Driver({ seat: leaderOf(0) });
      expect(driver.start(0)).to.have.length(1);
      expect(driver.start(0)).to.deep.equal([]);
      driver.start(5);
      expect(driver.start(4)).to.deep.equal([]);
      expect(driver.machine.round).to.equal(5);
    });
  });

  describe("lines 22 to 27: a fresh proposal", () => {
    it("gets the verdict for its value, once", () => {
      const driver = watcher();
      driver.start(0);
      expect(driver.proposal(0, A)).to.deep.equal(["verdict A 0"]);
      expect(driver.proposal(0, A)).to.deep.equal([]);
    });

    it("gets the verdict nil if the audit found it invalid", () => {
      const driver = watcher();
      driver.start(0);
      expect(driver.proposal(0, A, { isValid: false })).to.deep.equal(["verdict nil 0"]);
    });

    it("counts from the round's leader only", () => {
      const driver = watcher();
      driver.start(0);
      for (const seat of four.seats.keys()) {
        if (seat === leaderOf(0)) continue;
        expect(driver.handle({ kind: "proposal", proposal: proposalBy(seat, 0, A), isValid: true })).to.deep.equal([]);
      }
    });

    it("gets no second verdict after the timeout", () => {
      const driver = watcher();
      driver.start(0);
      driver.proposeTimeout(0);
      expect(driver.proposal(0, A)).to.deep.equal([]);
    });

    it("gets the verdict nil from whoever is locked on another value, and its verdict if it is that one", () => {
      expect(lockedOnA().proposal(1, B)).to.deep.equal(["verdict nil 1"]);
      expect(lockedOnA().proposal(1, A)).to.deep.equal(["verdict A 1"]);
    });

    it("is kept until its round starts", () => {
      const driver = watcher();
      expect(driver.proposal(1, A)).to.deep.equal([]);
      expect(driver.start(0)).to.deep.equal([]);
      expect(driver.start(1)).to.deep.equal(["verdict A 1"]);
    });

    it("is ignored if it is nil: else a quorum for nothing would decide nothing", () => {
      const driver = watcher();
      driver.start(0);
      expect(driver.proposal(0, NIL)).to.deep.equal([]);
      expect(driver.comparisons(0, NIL, ...quorum)).to.deep.equal([]);
    });
  });

  describe("lines 28 to 33: a repeated proposal", () => {
    it("gets its verdict when a quorum of its valid round is known, not one short, and once", () => {
      const driver = watcher();
      driver.start(0);
      driver.start(1);
      expect(driver.proposal(1, A, { validRound: 0 })).to.deep.equal([]);
      expect(driver.verdicts(0, A, ...oneShort)).to.deep.equal([]);
      expect(driver.verdicts(0, A, 2)).to.deep.equal(["verdict A 1"]);
      expect(driver.verdicts(0, A, 3)).to.deep.equal([]);
    });

    it("gets no verdict for votes of another value, phase or round", () => {
      const driver = watcher();
      driver.start(0);
      driver.start(2);
      driver.proposal(2, A, { validRound: 0 });
      expect(driver.verdicts(0, B, ...quorum)).to.deep.equal([]);
      expect(driver.verdicts(1, A, ...quorum)).to.deep.equal([]);
      expect(driver.verdicts(0, A, 3)).to.deep.equal([]);
    });

    it("gets no verdict if its valid round is not an earlier one", () => {
      for (const validRound of [1, 2]) {
        const driver = watcher();
        driver.start(1);
        driver.verdicts(validRound, A, ...oneShort);
        expect(driver.proposal(1, A, { validRound })).to.deep.equal([]);
        expect(driver.verdicts(validRound, A, 2)).to.deep.equal([]);
      }
    });

    it("gets the verdict nil if the audit found it invalid", () => {
      const driver = watcher();
      driver.start(1);
      driver.verdicts(0, A, ...quorum);
      expect(driver.proposal(1, A, { validRound: 0, isValid: false })).to.deep.equal(["verdict nil 1"]);
    });

    it("wins over an older lock, not over a newer one", () => {
      const older = lockedOnA();
      older.start(2);
      older.verdicts(1, B, ...quorum);
      expect(older.proposal(2, B, { validRound: 1 })).to.deep.equal(["verdict B 2"]);

      const newer = watcher();
      newer.start(0);
      newer.start(1);
      newer.proposal(1, A);
      newer.verdicts(1, A, ...quorum);
      newer.start(2);
      newer.verdicts(0, B, ...quorum);
      expect(newer.proposal(2, B, { validRound: 0 })).to.deep.equal(["verdict nil 2"]);
    });

    it("wins over a lock of its own valid round", () => {
      expect(lockedOnA().proposal(1, A, { validRound: 0 })).to.deep.equal(["verdict A 1"]);
    });
  });

  describe("lines 36 to 43: a quorum of verdicts for the proposal", () => {
    it("locks and compares, not one short, and once", () => {
      const driver = watcher();
      driver.start(0);
      driver.proposal(0, A);
      expect(driver.verdicts(0, A, ...oneShort)).to.deep.equal([]);
      expect(driver.machine.locked).to.equal(undefined);
      expect(driver.verdicts(0, A, 2)).to.deep.equal(["comparison A 0"]);
      expect(driver.machine.locked).to.deep.equal({ round: 0, value: A });
      expect(driver.machine.valid).to.deep.equal({ round: 0, value: A });
      expect(driver.verdicts(0, A, 3)).to.deep.equal([]);
    });

    it("names the verdicts in the request for the comparison", () => {
      const driver = watcher();
      driver.start(0);
      driver.proposal(0, A);
      driver.verdicts(0, A, ...oneShort);
      const [action] = driver.machine.handle({ kind: "vote", vote: verdict(2, 0, A) });
      expect(action).to.deep.equal({
        kind: "signVote",
        vote: comparison(0, 0, A).statement,
        verdicts: quorum.map((seat) => verdict(seat, 0, A)),
      });
    });

    it("needs the proposal, and a valid one", () => {
      const without = watcher();
      without.start(0);
      without.proposeTimeout(0);
      expect(without.verdicts(0, A, ...quorum)).to.deep.equal([]);
      expect(without.proposal(0, A)).to.deep.equal(["comparison A 0"]);

      const invalid = watcher();
      invalid.start(0);
      invalid.proposal(0, A, { isValid: false });
      expect(invalid.verdicts(0, A, ...quorum)).to.deep.equal([]);
    });

    it("only makes the value valid after the comparison, without a lock", () => {
      const driver = watcher();
      driver.start(0);
      driver.proposal(0, A);
      expect(driver.verdictTimeout(0)).to.deep.equal(["comparison nil 0"]);
      expect(driver.verdicts(0, A, ...quorum)).to.deep.equal([]);
      expect(driver.machine.valid).to.deep.equal({ round: 0, value: A });
      expect(driver.machine.locked).to.equal(undefined);
    });

    it("does not fire before the own verdict", () => {
      const driver = watcher();
      driver.start(1);
      driver.proposal(1, A, { validRound: 0 });
      expect(driver.verdicts(1, A, ...quorum)).to.deep.equal([]);
      expect(driver.proposeTimeout(1)).to.deep.equal(["verdict nil 1", "comparison A 1"]);
    });

    it("moves the lock to a later value", () => {
      const driver = lockedOnA();
      driver.proposal(1, B);
      expect(driver.verdicts(1, B, ...quorum)).to.deep.equal(["comparison B 1"]);
      expect(driver.machine.locked).to.deep.equal({ round: 1, value: B });
    });

    it("of a round that is over only makes the value valid, never an older one", () => {
      const driver = watcher();
      driver.start(0);
      driver.proposal(0, A);
      driver.start(1);
      driver.proposal(1, B);
      driver.start(2);
      expect(driver.verdicts(1, B, ...quorum)).to.deep.equal([]);
      expect(driver.machine.valid).to.deep.equal({ round: 1, value: B });
      driver.verdicts(0, A, ...quorum);
      expect(driver.machine.valid).to.deep.equal({ round: 1, value: B });
      expect(driver.machine.locked).to.equal(undefined);
    });
  });

  describe("lines 44 to 46: a quorum of verdicts for nil", () => {
    it("compares nil, not one short, and once", () => {
      const driver = watcher();
      driver.start(0);
      driver.proposeTimeout(0);
      expect(driver.verdicts(0, NIL, ...oneShort)).to.deep.equal([]);
      expect(driver.verdicts(0, NIL, 2)).to.deep.equal(["comparison nil 0"]);
      expect(driver.verdicts(0, NIL, 3)).to.deep.equal([]);
      expect(driver.verdictTimeout(0)).to.deep.equal([]);
    });

    it("does not fire before the own verdict", () => {
      const driver = watcher();
      driver.start(0);
      expect(driver.verdicts(0, NIL, ...quorum)).to.deep.equal([]);
      expect(driver.proposal(0, A)).to.deep.equal(["verdict A 0", "comparison nil 0"]);
    });
  });

  describe("lines 49 to 54: a quorum of comparisons", () => {
    it("decides, not one short, and once", () => {
      const driver = watcher();
      driver.start(0);
      driver.proposal(0, A);
      expect(driver.comparisons(0, A, ...oneShort)).to.deep.equal([]);
      expect(driver.comparisons(0, A, 2)).to.deep.equal(["decide A 0"]);
      expect(driver.comparisons(0, A, 3)).to.deep.equal([]);
      expect(driver.machine.decision).to.deep.equal({ round: 0, value: A });
    });

    it("gives the certificate, which later comparisons join", () => {
      const driver = watcher();
      driver.start(0);
      driver.proposal(0, A);
      expect(driver.machine.certificate).to.deep.equal([]);
      driver.comparisons(0, A, ...oneShort);
      const certificate = quorum.map((seat) => comparison(seat, 0, A));
      expect(driver.machine.handle({ kind: "vote", vote: comparison(2, 0, A) })).to.deep.equal([
        { kind: "decide", round: 0, value: A, certificate },
      ]);
      driver.comparisons(0, A, 3);
      expect(driver.machine.certificate).to.have.length(4);
    });

    it("decides in any round: one that is over, and one to come", () => {
      const past = watcher();
      past.start(0);
      past.proposal(0, A);
      past.start(7);
      expect(past.comparisons(0, A, ...quorum)).to.deep.equal(["decide A 0"]);

      const coming = watcher();
      coming.start(0);
      coming.comparisons(3, A, ...quorum);
      expect(coming.proposal(3, A)).to.deep.equal(["decide A 3"]);
    });

    it("decides before the first round, and without a seat", () => {
      const driver = new Driver();
      driver.proposal(0, A);
      expect(driver.comparisons(0, A, ...quorum)).to.deep.equal(["decide A 0"]);
    });

    it("needs a valid proposal of that round, and comparisons of that round", () => {
      const invalid = watcher();
      invalid.start(0);
      invalid.proposal(0, A, { isValid: false });
      expect(invalid.comparisons(0, A, ...quorum)).to.deep.equal([]);

      const mixed = watcher();
      mixed.start(1);
      mixed.proposal(0, A);
      mixed.proposal(1, A);
      mixed.comparisons(0, A, 0, 1);
      expect(mixed.comparisons(1, A, 2, 3)).to.deep.equal([]);
    });

    it("ends the machine's work", () => {
      const driver = watcher();
      driver.start(0);
      driver.proposal(0, A);
      driver.comparisons(0, A, ...quorum);
      const after = [driver.start(1), driver.proposeTimeout(0), driver.verdictTimeout(0), driver.proposal(1, B)];
      expect(after.flat()).to.deep.equal([]);
    });
  });

  describe("lines 57 to 64: the timeouts", () => {
    it("give the verdict nil without a proposal, once, in their round only", () => {
      const driver = watcher();
      expect(driver.proposeTimeout(0)).to.deep.equal([]);
      driver.start(1);
      expect(driver.proposeTimeout(0)).to.deep.equal([]);
      expect(driver.proposeTimeout(1)).to.deep.equal(["verdict nil 1"]);
      expect(driver.proposeTimeout(1)).to.deep.equal([]);
    });

    it("compare nil without a quorum of verdicts, once, in their round only", () => {
      const driver = watcher();
      driver.start(1);
      driver.proposal(1, A);
      expect(driver.verdictTimeout(0)).to.deep.equal([]);
      expect(driver.verdictTimeout(1)).to.deep.equal(["comparison nil 1"]);
      expect(driver.verdictTimeout(1)).to.deep.equal([]);
    });

    it("keep the order of the steps", () => {
      const driver = watcher();
      driver.start(0);
      expect(driver.verdictTimeout(0)).to.deep.equal([]);
    });
  });

  describe("who takes part", () => {
    it("signs nothing without a seat", () => {
      const driver = new Driver();
      const done = [driver.start(0), driver.proposal(0, A), driver.verdicts(0, A, ...quorum), driver.verdictTimeout(0)];
      expect(done.flat()).to.deep.equal([]);
    });

    it("hears validators of the height only", () => {
      const driver = watcher();
      driver.start(0);
      driver.proposal(0, A);
      driver.verdicts(0, A, ...oneShort);
      const vote = verdict(2, 0, A);
      const others = [
        verdict(4, 0, A),
        { ...vote, statement: { ...vote.statement, height: HEIGHT + 1 } },
        { ...vote, statement: { ...vote.statement, epoch: EPOCH + 1 } },
      ];
      for (const other of others) expect(driver.handle({ kind: "vote", vote: other })).to.deep.equal([]);
      expect(driver.machine.locked).to.equal(undefined);
    });

    it("counts a validator once, however often it says the same", () => {
      const driver = watcher();
      driver.start(0);
      driver.proposal(0, A);
      expect(driver.verdicts(0, A, 0, 1, 1, 0, 1)).to.deep.equal([]);
      expect(driver.comparisons(0, A, 0, 1, 1, 0, 1)).to.deep.equal([]);
    });
  });

  describe("after a restart", () => {
    it("is locked as the guard remembers, and proposes that value", () => {
      const lock = { height: HEIGHT, round: 0, value: A };
      const driver = new Driver({ seat: seatBeside(1), lock });
      expect(driver.machine.locked).to.deep.equal({ round: 0, value: A });
      driver.start(1);
      expect(driver.proposal(1, B)).to.deep.equal(["verdict nil 1"]);

      const leader = new Driver({ seat: leaderOf(1), lock });
      expect(leader.start(1)).to.deep.equal(["propose A 1 0"]);
    });

    it("is not locked by another height's vote", () => {
      const driver = new Driver({ seat: seatBeside(1), lock: { height: HEIGHT - 1, round: 0, value: A } });
      driver.start(1);
      expect(driver.proposal(1, B)).to.deep.equal(["verdict B 1"]);
    });

    it("takes the verdicts that it kept, so that its proposal can be accepted", () => {
      const driver = new Driver({ seat: leaderOf(1), lock: { height: HEIGHT, round: 0, value: A } });
      driver.verdicts(0, A, ...quorum);
      const [action] = driver.machine.handle({ kind: "roundStarted", round: 1 });
      expect(action).to.have.property("verdicts").with.length(3);
    });
  });
});
