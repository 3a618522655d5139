import { expect } from "chai";
import { ChainError } from "../../src/chainError.js";
import { setBreakGlassOptOut } from "../../src/records/consent.js";
import { breakGlass, EmergencyReason, setBreakGlassRule } from "../../src/records/emergency.js";
import { enrolled, fund, loadFixture, registeredFor, rejection, time } from "../enrolled.js";
import { solidityEnum } from "../solidityEnum.js";

describe("breakGlass", () => {
  it("opens a record for emergency treatment until it says", async () => {
    const world = await loadFixture(enrolled);
    const recordId = await registeredFor(world, world.patient[0]);
    const registry = world.consentRegistry.connect(world.doctor);
    const { until } = await breakGlass(registry, recordId, "LifeThreat");
    const duration = Number(await world.consentRegistry.breakGlassDuration());
    expect(until).to.equal((await time.latest()) + duration);
    expect(Number(await registry.brokenGlassUntil(1, recordId))).to.equal(until);
  });

  it("is refused with the contract's reason", async () => {
    const world = await loadFixture(enrolled);
    const recordId = await registeredFor(world, world.patient[0]);
    await fund(world.patient[0]);
    await setBreakGlassOptOut(world.consentRegistry.connect(world.patient[0]), true);
    const refused = await rejection(breakGlass(world.consentRegistry.connect(world.doctor), recordId, "Unspecified"));
    expect(refused).to.be.instanceOf(ChainError).with.property("errorName", "BreakGlassOptedOut");
  });

  it("has the contract's reasons", () => {
    expect(EmergencyReason).to.deep.equal(solidityEnum("records/IConsentRegistry.sol", "EmergencyReason"));
  });
});

describe("setBreakGlassRule", () => {
  it("sets how many records a doctor may open a day, and for how long", async () => {
    const { consentRegistry } = await loadFixture(enrolled);
    await setBreakGlassRule(consentRegistry, { dailyLimit: 24, duration: 900 });
    expect(await consentRegistry.breakGlassDailyLimit()).to.equal(24n);
    expect(await consentRegistry.breakGlassDuration()).to.equal(900n);
  });

  it("is refused out of bounds, and to all but operators", async () => {
    const { consentRegistry, doctor } = await loadFixture(enrolled);
    const never = await rejection(setBreakGlassRule(consentRegistry, { dailyLimit: 0, duration: 900 }));
    expect(never).to.be.instanceOf(ChainError).with.property("errorName", "BreakGlassRuleInvalid");
    const own = await rejection(setBreakGlassRule(consentRegistry.connect(doctor), { dailyLimit: 1, duration: 900 }));
    expect(own).to.be.instanceOf(ChainError).with.property("errorName", "AccessManagedUnauthorized");
  });
});
