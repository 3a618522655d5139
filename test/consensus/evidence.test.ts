import { expect } from "chai";
import { Wallet, ZeroHash } from "ethers";
import { type Evidence, InvalidEvidence, readEvidence, requireSigned } from "../../src/consensus/evidence.js";
import { StatementInvalid } from "../../src/consensus/readStatement.js";
import type { Proposal, Signed, Vote } from "../../src/consensus/statement.js";
import { certifierDomain, signStatement } from "../../src/consensus/vote.js";
import { verdictFor } from "./staked.js";

const domain = certifierDomain(31_337n, `0x${"ce".repeat(20)}`, `0x${"5a".repeat(32)}`);
const one = new Wallet(`0x${"01".repeat(32)}`);
const other = new Wallet(`0x${"02".repeat(32)}`);

const nil: Partial<Vote> = { blockHash: ZeroHash, stateRoot: ZeroHash, leadersHash: ZeroHash };
const proposalFor = (byte: string, fields: Partial<Proposal> = {}): Proposal => {
  const { phase: _, ...proposal } = verdictFor(byte);
  return { ...proposal, validRound: -1, ...fields };
};

async function pair<T extends Vote | Proposal>(
  first: T,
  second: T,
  author = one,
): Promise<{ first: Signed<T>; second: Signed<T> }> {
  return { first: await signStatement(one, domain, first), second: await signStatement(author, domain, second) };
}

/** As it comes from a file. */
const read = (evidence: unknown): Evidence => readEvidence(JSON.parse(JSON.stringify(evidence)));

describe("readEvidence", () => {
  it("knows a double vote, for two blocks or for one and none, of either phase", async () => {
    for (const phase of [1, 2] as const) {
      for (const fields of [{}, nil]) {
        const evidence = await pair(verdictFor("aa", { phase }), verdictFor("bb", { phase, ...fields }));
        expect(read(evidence)).to.deep.equal({ kind: "doubleVote", ...evidence });
      }
    }
  });

  it("knows a double proposal, even of one block", async () => {
    for (const second of [proposalFor("bb"), proposalFor("aa", { validRound: 0 })]) {
      const evidence = await pair(proposalFor("aa"), second);
      expect(read(evidence)).to.deep.equal({ kind: "doubleProposal", ...evidence });
    }
  });

  it("knows a dispute", async () => {
    const evidence = await pair(verdictFor("aa"), verdictFor("bb"), other);
    expect(read(evidence)).to.deep.equal({ kind: "dispute", ...evidence });
  });

  const innocent: readonly [string, Vote, Vote, Wallet][] = [
    ["votes that say the same", verdictFor("aa"), verdictFor("aa"), one],
    ["votes of two heights", verdictFor("aa"), verdictFor("bb", { height: 6 }), one],
    ["votes of two rounds", verdictFor("aa"), verdictFor("bb", { round: 1 }), one],
    ["votes of two epochs", verdictFor("aa"), verdictFor("bb", { epoch: 2 }), one],
    ["votes of two phases", verdictFor("aa"), verdictFor("bb", { phase: 2 }), one],
    ["two validators' comparisons", verdictFor("aa", { phase: 2 }), verdictFor("bb", { phase: 2 }), other],
    ["one validator's verdict, another's for nothing", verdictFor("aa"), verdictFor("bb", nil), other],
  ];
  for (const [what, first, second, author] of innocent) {
    it(`refuses ${what}`, async () => {
      const evidence = await pair(first, second, author);
      expect(() => read(evidence)).to.throw(InvalidEvidence);
    });
  }

  it("refuses proposals that are equal, of two rounds, or of two leaders", async () => {
    const same = await pair(proposalFor("aa"), proposalFor("aa"));
    const rounds = await pair(proposalFor("aa"), proposalFor("bb", { round: 1 }));
    const leaders = await pair(proposalFor("aa"), proposalFor("bb"), other);
    for (const evidence of [same, rounds, leaders]) expect(() => read(evidence)).to.throw(InvalidEvidence);
  });

  it("refuses a vote with a proposal", async () => {
    const { first } = await pair(verdictFor("aa"), verdictFor("bb"));
    const { second } = await pair(proposalFor("aa"), proposalFor("bb"));
    expect(() => read({ first, second })).to.throw(InvalidEvidence, /a vote and a proposal/);
  });

  it("refuses what is malformed", async () => {
    const { first, second } = await pair(verdictFor("aa"), verdictFor("bb"));
    for (const json of [
      null,
      5,
      "x",
      [],
      {},
      { first },
      { first, second: null },
      { first, second: { statement: 1 } },
    ]) {
      expect(() => read(json), JSON.stringify(json)).to.throw(InvalidEvidence);
    }
    const broken = { ...second, statement: { ...second.statement, height: -1 } };
    expect(() => read({ first, second: broken })).to.throw(StatementInvalid);
    expect(() => read({ first, second: { ...second, signature: "0x12" } })).to.throw(StatementInvalid);
    expect(() => read({ first, second: { ...second, signer: "0x12" } })).to.throw(StatementInvalid);
  });
});

describe("requireSigned", () => {
  it("passes what its signers signed for this certifier", async () => {
    requireSigned(domain, read(await pair(verdictFor("aa"), verdictFor("bb"))));
    requireSigned(domain, read(await pair(proposalFor("aa"), proposalFor("bb"))));
    requireSigned(domain, read(await pair(verdictFor("aa"), verdictFor("bb"), other)));
  });

  it("refuses another's signature, and one for another network", async () => {
    const { first, second } = await pair(verdictFor("aa"), verdictFor("bb"), other);
    const forged = read({ first, second: { ...second, signer: one.address } });
    expect(() => requireSigned(domain, forged)).to.throw(InvalidEvidence, one.address);
    const elsewhere = { ...domain, salt: `0x${"5b".repeat(32)}` };
    expect(() => requireSigned(elsewhere, read({ first, second }))).to.throw(InvalidEvidence);
  });
});
