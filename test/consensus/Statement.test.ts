import { expect } from "chai";
import { hexlify, TypedDataEncoder, toBeHex, Wallet } from "ethers";
import fc from "fast-check";
import { certifierDomain, isSignedByItsSigner, signStatement } from "../../src/consensus/vote.js";
import { domainOf } from "../../src/eip712.js";
import { BlockCertifier__factory } from "../../types/ethers-contracts/index.js";
import { ethers, loadFixture } from "../fixture.js";
import { CHAIN_ID } from "../signatures.js";
import { SALT, statementTypes } from "./statements.js";

const harness = () => ethers.deployContract("Statement__Harness", [SALT]);

const word = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => hexlify(bytes));
const uint = (bits: number) => fc.oneof(fc.bigInt(0n, 2n ** BigInt(bits) - 1n), fc.constant(2n ** BigInt(bits) - 1n));
const statement = {
  epoch: uint(32),
  height: uint(64),
  round: uint(32),
  blockHash: word,
  stateRoot: word,
  leadersHash: word,
};
const votes = fc.record({ ...statement, phase: fc.nat(2) });
const proposals = fc.record({ ...statement, validRound: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) });

/** Statements as the library has them, whose numbers are safe integers. */
const inLibrary = {
  epoch: fc.nat(2 ** 31 - 1),
  height: fc.maxSafeNat(),
  round: fc.nat(2 ** 31 - 1),
  blockHash: word,
  stateRoot: word,
  leadersHash: word,
};
const votesInLibrary = fc.record({ ...inLibrary, phase: fc.constantFrom(1, 2) });
const proposalsInLibrary = fc.record({ ...inLibrary, validRound: fc.integer({ min: -1, max: 2 ** 31 - 1 }) });

describe("Statement", () => {
  const domainAt = (verifyingContract: string) => ({
    name: "Healthchain BlockCertifier",
    version: "1",
    chainId: CHAIN_ID,
    verifyingContract,
    salt: SALT,
  });

  it("hashes any vote as EIP-712 says", async () => {
    const contract = await loadFixture(harness);
    const domain = domainAt(await contract.getAddress());
    await fc.assert(
      fc.asyncProperty(votes, async (vote) => {
        const expected = TypedDataEncoder.hashStruct("Vote", statementTypes.Vote, vote);
        expect(await contract.getFunction("hashOfVote")(vote)).to.equal(expected);
        const digest = TypedDataEncoder.hash(domain, statementTypes.Vote, vote);
        expect(await contract.getFunction("digestOfVote")(vote)).to.equal(digest);
      }),
      { numRuns: 40 },
    );
  });

  it("hashes any proposal as EIP-712 says", async () => {
    const contract = await loadFixture(harness);
    const domain = domainAt(await contract.getAddress());
    await fc.assert(
      fc.asyncProperty(proposals, async (proposal) => {
        const expected = TypedDataEncoder.hashStruct("Proposal", statementTypes.Proposal, proposal);
        expect(await contract.getFunction("hashOfProposal")(proposal)).to.equal(expected);
        const digest = TypedDataEncoder.hash(domain, statementTypes.Proposal, proposal);
        expect(await contract.getFunction("digestOfProposal")(proposal)).to.equal(digest);
      }),
      { numRuns: 40 },
    );
  });

  it("is signed by the library for the digest that the contract computes", async () => {
    const contract = await loadFixture(harness);
    const domain = certifierDomain(CHAIN_ID, await contract.getAddress(), SALT);
    const signer = new Wallet(toBeHex(7, 32));
    await fc.assert(
      fc.asyncProperty(fc.oneof(votesInLibrary, proposalsInLibrary), async (content) => {
        const signed = await signStatement(signer, domain, content as Parameters<typeof signStatement>[2]);
        const kind = "phase" in content ? "digestOfVote" : "digestOfProposal";
        const digest = await contract.getFunction(kind)(content);
        expect(signed.signature).to.equal(signer.signingKey.sign(digest).serialized);
        expect(isSignedByItsSigner(domain, signed)).to.equal(true);
      }),
      { numRuns: 40 },
    );
  });
});

describe("SaltedDomain", () => {
  it("publishes the domain with its salt (ERC-5267)", async () => {
    const contract = await loadFixture(harness);
    const address = await contract.getAddress();
    expect(await contract.getFunction("eip712Domain")()).to.deep.equal([
      "0x1f",
      "Healthchain BlockCertifier",
      "1",
      CHAIN_ID,
      address,
      SALT,
      [],
    ]);
  });

  it("is read by the library as it was made", async () => {
    const contract = await loadFixture(harness);
    const published = BlockCertifier__factory.connect(await contract.getAddress(), ethers.provider);
    const expected = certifierDomain(CHAIN_ID, await contract.getAddress(), SALT);
    expect(await domainOf(published)).to.deep.equal(expected);
  });
});
