import { expect } from "chai";
import { setValidatorRules, validatorRulesOf } from "../../src/consensus/validatorRules.js";
import { loadFixture } from "../enrolled.js";
import { expectRefusal } from "./refused.js";
import { consortium, RULES } from "./staked.js";

describe("setValidatorRules", () => {
  it("sets all rules at once", async () => {
    const { validatorRegistry: registry } = await loadFixture(consortium);
    expect(await validatorRulesOf(registry)).to.deep.equal(RULES);
    const others = { ...RULES, seats: 21, epochLength: 7_200, minSelfStake: 10n ** 9n };
    await setValidatorRules(registry, others);
    expect(await validatorRulesOf(registry)).to.deep.equal(others);
  });

  it("is the operators', within bounds", async () => {
    const { validatorRegistry: registry, stranger } = await loadFixture(consortium);
    await expectRefusal(setValidatorRules(registry.connect(stranger), RULES), "AccessManagedUnauthorized");
    await expectRefusal(setValidatorRules(registry, { ...RULES, minValidators: 3 }), "RuleOutOfBounds");
    expect(await validatorRulesOf(registry)).to.deep.equal(RULES);
  });
});
