import { Wallet } from "ethers";
import { Phase, type Proposal, type Vote } from "../../../src/consensus/statement.js";
import { certifierDomain } from "../../../src/consensus/vote.js";
import { A } from "../validators.js";

/** What the guards of these tests sign with. */
export const signingKey = {
  key: new Wallet(`0x${"11".repeat(32)}`),
  domain: certifierDomain(31337n, "0x5FbDB2315678afecb367f032d93F642f64180aa3", `0x${"cd".repeat(32)}`),
};

export const vote = (changes: Partial<Vote> = {}): Vote => ({
  epoch: 1,
  height: 5,
  round: 2,
  phase: Phase.Verdict,
  ...A,
  ...changes,
});

export const proposal = (changes: Partial<Proposal> = {}): Proposal => ({
  epoch: 1,
  height: 5,
  round: 2,
  validRound: -1,
  ...A,
  ...changes,
});
