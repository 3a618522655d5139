import { expect } from "chai";
import { candidacyOf } from "../../src/consensus/candidacy.js";
import { electedSetOf } from "../../src/consensus/electedSet.js";
import { InvalidEvidence } from "../../src/consensus/evidence.js";
import { reportEvidence } from "../../src/consensus/report.js";
import type { Proposal, Signed } from "../../src/consensus/statement.js";
import { loadFixture, rejection } from "../enrolled.js";
import { expectRefusal } from "./refused.js";
import { type Consortium, elected, signedBy, verdictFor } from "./staked.js";

async function verdicts(world: Consortium, one: number, other: number) {
  const { epoch } = await electedSetOf(world.validatorRegistry, 1);
  const verdict = (byte: string) => verdictFor(byte, { height: epoch.firstBlock });
  return {
    first: await signedBy(world, one, verdict("aa")),
    second: await signedBy(world, other, verdict("bb")),
  };
}

async function proposals(world: Consortium, leader: number) {
  const proposed = async (byte: string): Promise<Signed<Proposal>> => {
    const { phase: _, ...fields } = verdictFor(byte);
    return signedBy(world, leader, { ...fields, validRound: -1 });
  };
  return { first: await proposed("aa"), second: await proposed("bb") };
}

describe("reportEvidence", () => {
  it("has a double voter slashed, once, by anyone", async () => {
    const world = await loadFixture(elected);
    const certifier = world.blockCertifier.connect(world.stranger);
    const evidence = { kind: "doubleVote", ...(await verdicts(world, 4, 4)) } as const;
    expect(await reportEvidence(certifier, evidence)).to.include({
      validator: await world.institutions[3]?.getAddress(),
      candidate: 4,
    });
    expect(await candidacyOf(world.validatorRegistry, 4)).to.include({ status: "Tombstoned" });
    await expectRefusal(reportEvidence(certifier, evidence), "CandidateStatusMismatch");
  });

  it("has a leader slashed that proposed twice", async () => {
    const world = await loadFixture(elected);
    const evidence = { kind: "doubleProposal", ...(await proposals(world, 6)) } as const;
    expect(await reportEvidence(world.blockCertifier, evidence)).to.include({ candidate: 6 });
    expect(await candidacyOf(world.validatorRegistry, 6)).to.include({ status: "Tombstoned" });
  });

  it("puts a dispute on record, once, and slashes nobody", async () => {
    const world = await loadFixture(elected);
    const { blockCertifier: certifier } = world;
    const evidence = { kind: "dispute", ...(await verdicts(world, 2, 3)) } as const;
    const recorded = await reportEvidence(certifier, evidence);
    if (!("dispute" in recorded)) throw new Error("Somebody was slashed.");
    expect(await certifier.isDisputed(recorded.dispute)).to.equal(true);
    expect(await candidacyOf(world.validatorRegistry, 2)).to.include({ status: "Standing" });
    const { first, second } = evidence;
    await expectRefusal(reportEvidence(certifier, { kind: "dispute", first: second, second: first }), "DisputeKnown");
  });

  it("sends nothing that is not signed by whom it names", async () => {
    const world = await loadFixture(elected);
    const { first, second } = await verdicts(world, 2, 3);
    const forged = { kind: "doubleVote", first, second: { ...second, signer: first.signer } } as const;
    expect(await rejection(reportEvidence(world.blockCertifier, forged))).to.be.instanceOf(InvalidEvidence);
  });

  it("is refused for who was no validator", async () => {
    const world = await loadFixture(elected);
    const evidence = { kind: "doubleVote", ...(await verdicts(world, 1, 1)) } as const;
    await expectRefusal(reportEvidence(world.blockCertifier, evidence), "NotAValidator");
  });
});
