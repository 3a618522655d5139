import { expect } from "chai";
import { id as hashOf, parseEther, Wallet, ZeroHash } from "ethers";
import { loadFixture } from "../fixture.js";
import { electedOf } from "./certificates.js";
import { NIL, Phase, signedProposal, signedVote, valueNamed } from "./statements.js";
import { type Consortium, elect, institutionOf, RULES } from "./world.js";

const COINS = parseEther("2000");
const stakes = [1n, 2n, 3n, 4n, 5n, 6n].map((share) => share * COINS);
const six = () => electedOf(stakes);

const TOMBSTONED = 4n;
const CULPRIT = 3;
const culprit = (world: Consortium): Wallet => institutionOf(world, CULPRIT - 1).operator;
const honest = (world: Consortium): Wallet => institutionOf(world, CULPRIT).operator;
/** What burns of the culprit's stake. */
const BURNED = (3n * COINS * BigInt(RULES.slashFraction)) / 10_000n;

type ReportName = "reportEquivocation" | "reportDoubleProposal";

/** Reports two statements of the kind that the function takes. */
function reportAs(name: ReportName, { blockCertifier, stranger }: Consortium, one: object, other: object) {
  return blockCertifier.connect(stranger).getFunction(name)(one, other);
}

/** Reports without effect, so that a test can try several. */
async function staticReport(name: ReportName, { blockCertifier }: Consortium, one: object, other: object) {
  await blockCertifier.getFunction(name).staticCall(one, other);
}

async function refused(work: Promise<unknown>, { blockCertifier }: Consortium) {
  await expect(work).to.be.revertedWithCustomError(blockCertifier, "EvidenceInvalid");
}

for (const name of ["reportEquivocation", "reportDoubleProposal"] as const) {
  describe(`BlockCertifier.${name}`, () => {
    const sign = (world: Consortium, signer: Wallet, fields: object = {}) =>
      name === "reportEquivocation" ? signedVote(world, signer, fields) : signedProposal(world, signer, fields);
    const report = (world: Consortium, one: object, other: object) => reportAs(name, world, one, other);
    const pair = async (world: Consortium, fields: object = {}, other: object = valueNamed("another")) =>
      [await sign(world, culprit(world), fields), await sign(world, culprit(world), { ...fields, ...other })] as const;

    it("slashes who signed two values in one round, whoever reports it", async () => {
      const world = await loadFixture(six);
      const { blockCertifier, validatorRegistry, medicalCoin } = world;
      const supply = await medicalCoin.totalSupply();
      const held = await medicalCoin.balanceOf(validatorRegistry);
      const reported = await report(world, ...(await pair(world, { height: 77, round: 2 })));
      await expect(reported)
        .to.emit(blockCertifier, "EquivocationProven")
        .withArgs(culprit(world).address, CULPRIT, 77, 2);
      await expect(reported).to.emit(validatorRegistry, "CandidateSlashed").withArgs(CULPRIT, 1, BURNED);
      expect((await validatorRegistry.candidacyOf(CULPRIT)).status).to.equal(TOMBSTONED);
      expect(await medicalCoin.balanceOf(validatorRegistry)).to.equal(held - BURNED);
      expect(await medicalCoin.totalSupply()).to.equal(supply - BURNED);
    });

    it("needs only one word of the value to differ", async () => {
      const world = await loadFixture(six);
      for (const word of ["blockHash", "stateRoot", "leadersHash"]) {
        const [one, other] = await pair(world, {}, { [word]: hashOf("another") });
        await staticReport(name, world, one, other);
      }
    });

    it("slashes once: the same evidence, its order swapped, or other evidence come too late", async () => {
      const world = await loadFixture(six);
      const { validatorRegistry } = world;
      const [one, other] = await pair(world);
      const again = await pair(world, { height: 90 });
      await report(world, one, other);
      for (const [first, second] of [[one, other], [other, one], again] as const) {
        await expect(report(world, first, second))
          .to.be.revertedWithCustomError(validatorRegistry, "CandidateStatusMismatch")
          .withArgs(CULPRIT, TOMBSTONED);
      }
    });

    it("refuses the same statement twice", async () => {
      const world = await loadFixture(six);
      const one = await sign(world, culprit(world));
      await refused(report(world, one, one), world);
      await refused(report(world, one, await sign(world, culprit(world))), world);
    });

    it("refuses statements of two validators", async () => {
      const world = await loadFixture(six);
      const one = await sign(world, culprit(world));
      await refused(report(world, one, await sign(world, honest(world), valueNamed("another"))), world);
    });

    it("refuses statements about other heights, rounds and epochs", async () => {
      const world = await loadFixture(six);
      await elect(world);
      const one = await sign(world, culprit(world));
      for (const elsewhere of [{ height: 51 }, { round: 1 }, { epoch: 2 }]) {
        const other = await sign(world, culprit(world), { ...valueNamed("another"), ...elsewhere });
        await refused(report(world, one, other), world);
      }
    });

    it("refuses statements of somebody who is no validator of the epoch", async () => {
      const world = await loadFixture(six);
      const stranger = new Wallet(hashOf("somebody"));
      const one = await sign(world, stranger);
      const other = await sign(world, stranger, valueNamed("another"));
      await expect(report(world, one, other))
        .to.be.revertedWithCustomError(world.blockCertifier, "NotAValidator")
        .withArgs(stranger.address, 1);
    });

    it("refuses statements of an epoch that is not there", async () => {
      const world = await loadFixture(six);
      for (const epoch of [0, 2, 2 ** 32 - 1]) {
        await expect(report(world, ...(await pair(world, { epoch }))))
          .to.be.revertedWithCustomError(world.validatorRegistry, "EpochUnknown")
          .withArgs(epoch);
      }
    });

    it("refuses a changed statement, whose signature is then another's", async () => {
      const world = await loadFixture(six);
      const [one, other] = await pair(world);
      const changed = { ...other, signature: one.signature };
      await refused(report(world, one, changed), world);
    });

    it("refuses malformed signatures", async () => {
      const world = await loadFixture(six);
      const { blockCertifier } = world;
      const [one, other] = await pair(world);
      for (const signature of ["0x", one.signature.slice(0, -2), `${one.signature}00`]) {
        const length = signature.length / 2 - 1;
        for (const [first, second] of [
          [{ ...one, signature }, other],
          [other, { ...one, signature }],
        ] as const) {
          await expect(report(world, first, second))
            .to.be.revertedWithCustomError(blockCertifier, "ECDSAInvalidSignatureLength")
            .withArgs(length);
        }
      }
      const zero = { ...one, signature: `0x${"00".repeat(65)}` };
      await expect(report(world, zero, other)).to.be.revertedWithCustomError(blockCertifier, "ECDSAInvalidSignature");
      await expect(report(world, other, zero)).to.be.revertedWithCustomError(blockCertifier, "ECDSAInvalidSignature");
    });

    it("does not ask a contract wallet whether it signed: validators are keys", async () => {
      const world = await loadFixture(six);
      const [one, other] = await pair(world);
      const wallet = { ...one, signature: `0x${"00".repeat(12)}${culprit(world).address.slice(2)}${"00".repeat(33)}` };
      await expect(report(world, wallet, other)).to.be.revertedWithCustomError(
        world.blockCertifier,
        "ECDSAInvalidSignature",
      );
    });

    it("reaches a validator of an earlier epoch that has left, while its stake answers", async () => {
      const world = await loadFixture(six);
      const { validatorRegistry } = world;
      await validatorRegistry.connect(culprit(world)).undelegate(CULPRIT, 3n * COINS, 0);
      await elect(world, RULES.unbondingEpochs - 1);
      const evidence = await pair(world);
      await expect(report(world, ...evidence))
        .to.emit(validatorRegistry, "CandidateSlashed")
        .withArgs(CULPRIT, 1, BURNED);
    });

    it("is too late once the stake no longer answers", async () => {
      const world = await loadFixture(six);
      const { validatorRegistry } = world;
      await elect(world, RULES.unbondingEpochs);
      const evidence = await pair(world);
      await expect(report(world, ...evidence))
        .to.be.revertedWithCustomError(validatorRegistry, "FaultExpired")
        .withArgs(1);
    });

    it("is too late once the set is not kept any more", async () => {
      const world = await loadFixture(six);
      await elect(world, 64);
      await expect(report(world, ...(await pair(world))))
        .to.be.revertedWithCustomError(world.validatorRegistry, "EpochUnknown")
        .withArgs(1);
    });

    it("reaches who stands no more: resigned or jailed", async () => {
      for (const leave of ["resign", "jail"] as const) {
        const world = await loadFixture(six);
        const { validatorRegistry, certifier } = world;
        const sender = leave === "resign" ? culprit(world) : certifier;
        await validatorRegistry.connect(sender)[leave](CULPRIT);
        await report(world, ...(await pair(world)));
        expect((await validatorRegistry.candidacyOf(CULPRIT)).status).to.equal(TOMBSTONED);
      }
    });
  });
}

describe("BlockCertifier.reportEquivocation, the two phases", () => {
  it("slashes for comparisons as for verdicts", async () => {
    const world = await loadFixture(six);
    const one = await signedVote(world, culprit(world), { phase: Phase.Comparison });
    const other = await signedVote(world, culprit(world), { phase: Phase.Comparison, ...valueNamed("another") });
    await expect(reportAs("reportEquivocation", world, one, other)).to.emit(world.blockCertifier, "EquivocationProven");
  });

  it("slashes for a vote for a block beside one for none", async () => {
    const world = await loadFixture(six);
    for (const phase of [Phase.Verdict, Phase.Comparison]) {
      const one = await signedVote(world, culprit(world), { phase });
      const none = await signedVote(world, culprit(world), { phase, ...NIL });
      await staticReport("reportEquivocation", world, one, none);
      await staticReport("reportEquivocation", world, none, one);
    }
  });

  it("refuses a verdict and a comparison: who saw no quorum compares with nothing", async () => {
    const world = await loadFixture(six);
    const verdict = await signedVote(world, culprit(world));
    const comparison = await signedVote(world, culprit(world), { phase: Phase.Comparison, ...NIL });
    await refused(reportAs("reportEquivocation", world, verdict, comparison), world);
    await refused(reportAs("reportEquivocation", world, comparison, verdict), world);
  });

  it("refuses a proposal that is passed off as a vote", async () => {
    const world = await loadFixture(six);
    const verdict = await signedVote(world, culprit(world));
    const { signature } = await signedProposal(world, culprit(world), valueNamed("another"));
    const { vote } = await signedVote(world, culprit(world), valueNamed("another"));
    await refused(reportAs("reportEquivocation", world, verdict, { vote, signature }), world);
  });

  it("refuses votes of another deployment", async () => {
    const world = await loadFixture(six);
    const { blockCertifier, recordRegistry } = world;
    const elsewhere = { ...world, blockCertifier: recordRegistry as unknown as typeof blockCertifier };
    const one = await signedVote(elsewhere, culprit(world));
    const other = await signedVote(elsewhere, culprit(world), valueNamed("another"));
    await refused(reportAs("reportEquivocation", world, one, other), world);
  });
});

describe("BlockCertifier.reportDoubleProposal, the valid round", () => {
  it("slashes for the same block proposed with two valid rounds", async () => {
    const world = await loadFixture(six);
    const one = await signedProposal(world, culprit(world), { round: 3, validRound: -1 });
    const other = await signedProposal(world, culprit(world), { round: 3, validRound: 1 });
    await expect(reportAs("reportDoubleProposal", world, one, other)).to.emit(
      world.blockCertifier,
      "EquivocationProven",
    );
  });

  it("slashes for a proposal of no block beside one of a block", async () => {
    const world = await loadFixture(six);
    const one = await signedProposal(world, culprit(world));
    const other = await signedProposal(world, culprit(world), { blockHash: ZeroHash });
    await expect(reportAs("reportDoubleProposal", world, one, other)).to.emit(
      world.blockCertifier,
      "EquivocationProven",
    );
  });
});
