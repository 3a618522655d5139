import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { concat, id as hashOf, keccak256, parseEther, TypedDataEncoder, Wallet, ZeroHash } from "ethers";
import { loadFixture } from "../fixture.js";
import { electedOf } from "./certificates.js";
import {
  NIL,
  Phase,
  signedProposal,
  signedVote,
  statementTypes,
  type Vote,
  valueNamed,
  votingDomain,
} from "./statements.js";
import { type Consortium, elect, institutionOf, RULES } from "./world.js";

const six = () => electedOf([1n, 2n, 3n, 4n, 5n, 6n].map((share) => share * parseEther("2000")));

const walletOf = (world: Consortium, candidate: number): Wallet => institutionOf(world, candidate - 1).operator;

/** Two different verdicts, by candidates 2 and 5. */
async function dispute(world: Consortium, fields: Partial<Vote> = {}, other: Partial<Vote> = valueNamed("another")) {
  return [
    await signedVote(world, walletOf(world, 2), fields),
    await signedVote(world, walletOf(world, 5), { ...fields, ...other }),
  ] as const;
}

/** The number that a dispute has: the hash of both digests, the smaller one first. */
async function numberOf(world: Consortium, one: Vote, other: Vote): Promise<string> {
  const domain = await votingDomain(world);
  return keccak256(concat([one, other].map((vote) => TypedDataEncoder.hash(domain, statementTypes.Vote, vote)).sort()));
}

async function refused({ blockCertifier }: Consortium, [one, other]: Awaited<ReturnType<typeof dispute>>) {
  await expect(blockCertifier.recordDispute(one, other)).to.be.revertedWithCustomError(
    blockCertifier,
    "EvidenceInvalid",
  );
  await expect(blockCertifier.recordDispute(other, one)).to.be.revertedWithCustomError(
    blockCertifier,
    "EvidenceInvalid",
  );
}

describe("BlockCertifier.recordDispute", () => {
  it("records two validators' different verdicts of one round, whoever sends them, and slashes nobody", async () => {
    const world = await loadFixture(six);
    const { blockCertifier, validatorRegistry, stranger } = world;
    const [one, other] = await dispute(world, { height: 77, round: 4 });
    const number = await numberOf(world, one.vote, other.vote);
    expect(await blockCertifier.isDisputed(number)).to.equal(false);
    expect(await blockCertifier.recordDispute.staticCall(one, other)).to.equal(number);

    const recorded = await blockCertifier.connect(stranger).recordDispute(one, other);
    const asTuple = ({ vote, signature }: typeof one) => [
      [vote.epoch, vote.height, vote.round, vote.phase, vote.blockHash, vote.stateRoot, vote.leadersHash].map(
        (field) => (typeof field === "number" ? BigInt(field) : field),
      ),
      signature,
    ];
    await expect(recorded)
      .to.emit(blockCertifier, "DisputeRecorded")
      .withArgs(number, walletOf(world, 2).address, walletOf(world, 5).address, asTuple(one), asTuple(other));
    await expect(recorded).to.not.emit(validatorRegistry, "CandidateSlashed");
    expect(await blockCertifier.isDisputed(number)).to.equal(true);
  });

  it("knows a dispute again, its order swapped too", async () => {
    const world = await loadFixture(six);
    const { blockCertifier } = world;
    const [one, other] = await dispute(world);
    const number = await numberOf(world, one.vote, other.vote);
    await blockCertifier.recordDispute(other, one);
    for (const [first, second] of [
      [one, other],
      [other, one],
    ] as const) {
      await expect(blockCertifier.recordDispute(first, second))
        .to.be.revertedWithCustomError(blockCertifier, "DisputeKnown")
        .withArgs(number);
    }
  });

  it("takes the same two results by other validators for the same dispute", async () => {
    const world = await loadFixture(six);
    const { blockCertifier } = world;
    const [one, other] = await dispute(world);
    await blockCertifier.recordDispute(one, other);
    const third = await signedVote(world, walletOf(world, 6));
    await expect(blockCertifier.recordDispute(third, other))
      .to.be.revertedWithCustomError(blockCertifier, "DisputeKnown")
      .withArgs(await numberOf(world, one.vote, other.vote));
  });

  it("records disputes of several rounds, and of a third result", async () => {
    const world = await loadFixture(six);
    const { blockCertifier } = world;
    const [one, other] = await dispute(world);
    const third = await signedVote(world, walletOf(world, 6), valueNamed("a third"));
    for (const [first, second] of [
      [one, other],
      [one, third],
      [other, third],
      await dispute(world, { round: 1 }),
    ] as const) {
      await expect(blockCertifier.recordDispute(first, second))
        .to.emit(blockCertifier, "DisputeRecorded")
        .withArgs(await numberOf(world, first.vote, second.vote), anyValue, anyValue, anyValue, anyValue);
    }
  });

  it("needs only one word of the value to differ", async () => {
    const world = await loadFixture(six);
    for (const word of ["blockHash", "stateRoot", "leadersHash"]) {
      const [one, other] = await dispute(world, {}, { [word]: hashOf("another") });
      await world.blockCertifier.recordDispute.staticCall(one, other);
    }
  });

  it("refuses two equal verdicts", async () => {
    const world = await loadFixture(six);
    await refused(world, await dispute(world, {}, {}));
  });

  it("refuses a verdict for no block, which says nothing about a result", async () => {
    const world = await loadFixture(six);
    await refused(world, await dispute(world, {}, NIL));
    await refused(world, await dispute(world, {}, { blockHash: ZeroHash }));
    await refused(world, await dispute(world, NIL, {}));
  });

  it("refuses comparisons: they follow from what each one received", async () => {
    const world = await loadFixture(six);
    await refused(world, await dispute(world, { phase: Phase.Comparison }));
    await refused(world, await dispute(world, { phase: Phase.None }));
    await refused(world, await dispute(world, {}, { ...valueNamed("another"), phase: Phase.Comparison }));
  });

  it("refuses verdicts about other heights, rounds and epochs", async () => {
    const world = await loadFixture(six);
    await elect(world);
    for (const elsewhere of [{ height: 51 }, { round: 1 }, { epoch: 2 }]) {
      await refused(world, await dispute(world, {}, { ...valueNamed("another"), ...elsewhere }));
    }
  });

  it("refuses two verdicts of one validator: that is equivocation", async () => {
    const world = await loadFixture(six);
    const one = await signedVote(world, walletOf(world, 2));
    await refused(world, [one, await signedVote(world, walletOf(world, 2), valueNamed("another"))]);
  });

  it("refuses verdicts of somebody who is no validator of the epoch, first or second", async () => {
    const world = await loadFixture(six);
    const { blockCertifier } = world;
    const [one, other] = await dispute(world);
    const stranger = new Wallet(hashOf("somebody"));
    const strange = await signedVote(world, stranger, valueNamed("a third"));
    for (const [first, second] of [
      [strange, other],
      [one, strange],
    ] as const) {
      await expect(blockCertifier.recordDispute(first, second))
        .to.be.revertedWithCustomError(blockCertifier, "NotAValidator")
        .withArgs(stranger.address, 1);
    }
  });

  it("refuses a validator of another epoch", async () => {
    const world = await loadFixture(six);
    const { blockCertifier, validatorRegistry } = world;
    await validatorRegistry.connect(walletOf(world, 5)).resign(5);
    await elect(world);
    const [one, other] = await dispute(world, { epoch: 2 });
    await expect(blockCertifier.recordDispute(one, other))
      .to.be.revertedWithCustomError(blockCertifier, "NotAValidator")
      .withArgs(walletOf(world, 5).address, 2);
    const [former, latter] = await dispute(world);
    await blockCertifier.recordDispute(former, latter);
  });

  it("refuses malformed signatures", async () => {
    const world = await loadFixture(six);
    const { blockCertifier } = world;
    const [one, other] = await dispute(world);
    for (const signature of ["0x", one.signature.slice(0, -2), `${one.signature}00`]) {
      await expect(blockCertifier.recordDispute({ ...one, signature }, other))
        .to.be.revertedWithCustomError(blockCertifier, "ECDSAInvalidSignatureLength")
        .withArgs(signature.length / 2 - 1);
    }
    const zero = { ...other, signature: `0x${"00".repeat(65)}` };
    await expect(blockCertifier.recordDispute(one, zero)).to.be.revertedWithCustomError(
      blockCertifier,
      "ECDSAInvalidSignature",
    );
  });

  it("refuses a proposal that is passed off as a verdict", async () => {
    const world = await loadFixture(six);
    const { blockCertifier } = world;
    const [one, { vote }] = await dispute(world);
    const { signature } = await signedProposal(world, walletOf(world, 5), valueNamed("another"));
    await expect(blockCertifier.recordDispute(one, { vote, signature })).to.be.revertedWithCustomError(
      blockCertifier,
      "NotAValidator",
    );
  });

  it("is open for as long as the set is kept, longer than stake answers", async () => {
    const world = await loadFixture(six);
    const { blockCertifier, validatorRegistry } = world;
    const [one, other] = await dispute(world);
    await elect(world, 63);
    expect(63).to.be.greaterThan(RULES.unbondingEpochs);
    await blockCertifier.recordDispute.staticCall(one, other);
    await elect(world);
    await expect(blockCertifier.recordDispute(one, other))
      .to.be.revertedWithCustomError(validatorRegistry, "EpochUnknown")
      .withArgs(1);
  });
});
