import { expect } from "chai";
import { TypedDataEncoder, Wallet } from "ethers";
import { InvalidAddress } from "../../src/accounts/address.js";
import { Phase, type Proposal, type Vote } from "../../src/consensus/statement.js";
import {
  certifierDomain,
  InvalidDomainSalt,
  isSignedByItsSigner,
  proposalStatement,
  signStatement,
  voteStatement,
} from "../../src/consensus/vote.js";

const CERTIFIER = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const salt = `0x${"cd".repeat(32)}`;
const domain = certifierDomain(31337n, CERTIFIER, salt);
const key = new Wallet(`0x${"11".repeat(32)}`);
const word = (byte: string) => `0x${byte.repeat(32)}`;
const value = { blockHash: word("aa"), stateRoot: word("bb"), leadersHash: word("cc") };
const vote: Vote = { epoch: 1, height: 2, round: 3, phase: Phase.Verdict, ...value };
const proposal: Proposal = { epoch: 1, height: 2, round: 3, validRound: -1, ...value };

describe("consensus/vote", () => {
  it("hashes the types that the contract hashes", () => {
    const typeOf = ({ types, primaryType }: typeof voteStatement | typeof proposalStatement) =>
      TypedDataEncoder.from(types).encodeType(primaryType);
    expect(typeOf(voteStatement)).to.equal(
      "Vote(uint32 epoch,uint64 height,uint32 round,uint8 phase,bytes32 blockHash,bytes32 stateRoot,bytes32 leadersHash)",
    );
    expect(typeOf(proposalStatement)).to.equal(
      "Proposal(uint32 epoch,uint64 height,uint32 round,int32 validRound,bytes32 blockHash,bytes32 stateRoot,bytes32 leadersHash)",
    );
  });

  it("signs votes and proposals that prove their signer", async () => {
    for (const statement of [vote, proposal]) {
      const signed = await signStatement(key, domain, statement);
      expect(signed).to.include({ statement, signer: key.address });
      expect(isSignedByItsSigner(domain, signed)).to.equal(true);
    }
  });

  it("takes a signature for nothing but its statement", async () => {
    const signed = await signStatement(key, domain, vote);
    const changes: Partial<Vote>[] = [
      { epoch: 2 },
      { height: 3 },
      { round: 4 },
      { phase: Phase.Comparison },
      { blockHash: word("00") },
      { stateRoot: word("00") },
      { leadersHash: word("00") },
    ];
    for (const change of changes) {
      expect(isSignedByItsSigner(domain, { ...signed, statement: { ...vote, ...change } })).to.equal(false);
    }
    const other = await signStatement(key, domain, proposal);
    expect(isSignedByItsSigner(domain, { ...other, statement: { ...proposal, validRound: 2 } })).to.equal(false);
    expect(isSignedByItsSigner(domain, { ...signed, signer: CERTIFIER })).to.equal(false);
    expect(isSignedByItsSigner(domain, { ...signed, signature: "0x00" })).to.equal(false);
  });

  it("means nothing in a deployment with another salt, contract or chain", async () => {
    const signed = await signStatement(key, domain, vote);
    const others = [
      certifierDomain(31337n, CERTIFIER, word("ce")),
      certifierDomain(31337n, key.address, salt),
      certifierDomain(31338n, CERTIFIER, salt),
    ];
    for (const other of others) expect(isSignedByItsSigner(other, signed)).to.equal(false);
  });

  it("refuses what is no salt and no contract", () => {
    expect(() => certifierDomain(1n, CERTIFIER, "0x12")).to.throw(InvalidDomainSalt, "ERC-5267");
    expect(() => certifierDomain(1n, "0x12", salt)).to.throw(InvalidAddress);
  });
});
