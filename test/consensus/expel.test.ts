import { expect } from "chai";
import { candidacyOf } from "../../src/consensus/candidacy.js";
import { expel } from "../../src/consensus/expel.js";
import { loadFixture } from "../enrolled.js";
import { expectRefusal } from "./refused.js";
import { candidates } from "./staked.js";

describe("expel", () => {
  it("takes out a candidate whose certificate is not in force, by anyone", async () => {
    const { validatorRegistry, accountCenter, institutions, stranger } = await loadFixture(candidates);
    const registry = validatorRegistry.connect(stranger);
    await expectRefusal(expel(registry, 3), "CandidateInGoodStanding");
    await accountCenter.suspend((await institutions[2]?.getAddress()) ?? "", 6);
    await expel(registry, 3);
    expect(await candidacyOf(registry, 3)).to.include({ status: "Resigned" });
    await expectRefusal(expel(registry, 3), "CandidateStatusMismatch");
  });
});
