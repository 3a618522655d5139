import { expect } from "chai";
import { isCertificate } from "../../src/consensus/certificate.js";
import { Phase } from "../../src/consensus/statement.js";
import { A, B, comparison, EPOCH, four, HEIGHT, verdict } from "./validators.js";

const whole = [comparison(0, 2, A), comparison(1, 2, A), comparison(3, 2, A)];
const isForA = (...certificate: typeof whole) => isCertificate(four, HEIGHT, A, certificate);

describe("consensus/certificate", () => {
  it("is the comparisons of a quorum", () => {
    expect(isForA(...whole)).to.equal(true);
    expect(isForA(...whole, comparison(2, 2, A))).to.equal(true);
  });

  it("is not a vote short, nor with one counted twice", () => {
    expect(isForA()).to.equal(false);
    expect(isForA(...whole.slice(1))).to.equal(false);
    expect(isForA(...whole.slice(1), comparison(1, 2, A))).to.equal(false);
  });

  it("has nothing in it but comparisons of one round for the value, by validators", () => {
    const two = whole.slice(1);
    expect(isForA(...two, comparison(0, 1, A))).to.equal(false);
    expect(isForA(...two, comparison(0, 2, B))).to.equal(false);
    expect(isForA(...two, verdict(0, 2, A))).to.equal(false);
    expect(isForA(...whole, comparison(4, 2, A))).to.equal(false);
    expect(isForA(...[0, 1, 2].map((seat) => verdict(seat, 2, A)))).to.equal(false);
  });

  it("is of one height and epoch", () => {
    expect(isCertificate(four, HEIGHT + 1, A, whole)).to.equal(false);
    expect(isCertificate(four, HEIGHT, B, whole)).to.equal(false);
    const later = whole.map((vote) => ({ ...vote, statement: { ...vote.statement, epoch: EPOCH + 1 } }));
    expect(isForA(...later)).to.equal(false);
    expect(whole.every(({ statement }) => statement.phase === Phase.Comparison)).to.equal(true);
  });
});
