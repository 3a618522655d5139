import { expect } from "chai";
import { announceCommission } from "../../src/consensus/announceCommission.js";
import {
  CandidateStatus,
  candidacyOf,
  candidateStatusName,
  InvalidCandidateStatus,
} from "../../src/consensus/candidacy.js";
import { reportEquivocation } from "../../src/consensus/report.js";
import { loadFixture } from "../enrolled.js";
import { solidityEnum } from "../solidityEnum.js";
import { registryOf } from "./refused.js";
import { consortium, elected, nextEpoch, RULES, signedBy, verdictFor } from "./staked.js";

describe("candidacyOf", () => {
  it("reads nothing of who never stood", async () => {
    const { validatorRegistry } = await loadFixture(consortium);
    expect(await candidacyOf(validatorRegistry, 1)).to.deep.equal({
      status: "None",
      commission: 0,
      announced: undefined,
      jailedUntil: 0,
      fault: undefined,
    });
  });

  it("reads the commission of now, and the one that was announced", async () => {
    const world = await loadFixture(elected);
    const registry = registryOf(world, 5);
    const { from } = await announceCommission(registry, 5, 1_500);
    expect(from).to.equal(1 + RULES.commissionNotice);
    expect(await candidacyOf(registry, 5)).to.deep.include({
      commission: 1_000,
      announced: { commission: 1_500, from: 4 },
    });
    while ((await nextEpoch(world)) < from) {
      expect(await candidacyOf(registry, 5)).to.include({ commission: 1_000 });
    }
    expect(await candidacyOf(registry, 5)).to.include({ commission: 1_500, announced: undefined });
  });

  it("reads the fault that a candidate is excluded for", async () => {
    const world = await loadFixture(elected);
    const twoFaced = await Promise.all(["01", "02"].map((byte) => signedBy(world, 4, verdictFor(byte))));
    const [first, second] = twoFaced;
    if (first === undefined || second === undefined) throw new Error("There are not two votes.");
    await reportEquivocation(world.blockCertifier, first, second);
    expect(await candidacyOf(world.validatorRegistry, 4)).to.deep.include({
      status: "Tombstoned",
      fault: { epoch: 1, slashed: RULES.slashFraction },
    });
  });
});

describe("candidateStatusName", () => {
  it("has the contract's statuses", () => {
    expect(CandidateStatus).to.deep.equal(solidityEnum("consensus/IValidatorRegistry.sol", "CandidateStatus"));
    expect(candidateStatusName(4n)).to.equal("Tombstoned");
    expect(() => candidateStatusName(5)).to.throw(InvalidCandidateStatus);
  });
});
