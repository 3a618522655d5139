import { expect } from "chai";
import { ChainError } from "../../src/chainError.js";
import { setBreakGlassOptOut } from "../../src/records/consent.js";
import { breakGlass, EmergencyReason } from "../../src/records/emergency.js";
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
