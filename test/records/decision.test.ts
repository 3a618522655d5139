import { expect } from "chai";
import type { Signer } from "ethers";
import { Role } from "../../src/accounts/role.js";
import { BlockUnknown, ProviderMissing } from "../../src/provider.js";
import { grantConsent, revokeConsent } from "../../src/records/consent.js";
import { DataClass } from "../../src/records/dataClass.js";
import { DecisionUnknown, decide, decisionName, decisionNames } from "../../src/records/decision.js";
import { allRecords, role } from "../../src/records/grant.js";
import type { PurposeOfUseCode } from "../../src/records/purposeOfUse.js";
import { termsOf } from "../../src/records/terms.js";
import { enrolled, ethers, fund, inDays, loadFixture, registeredFor, rejection } from "../enrolled.js";
import { solidityEnum } from "../solidityEnum.js";

async function deciding() {
  const world = await loadFixture(enrolled);
  const [patient] = world.patient;
  await fund(patient);
  const recordId = await registeredFor(world, patient);
  const ask = async (who: Signer, purpose: PurposeOfUseCode = "HRESCH", dataClass: number = DataClass.Conditions) =>
    decide(world.consentRegistry, { recordId, requester: await who.getAddress(), purpose, dataClass });
  const terms = termsOf({ purposes: ["HRESCH"], dataClasses: [DataClass.Conditions], until: await inDays(30) });
  return { ...world, patient, recordId, ask, terms, byPatient: world.consentRegistry.connect(patient) };
}

describe("decide", () => {
  it("permits patient and treating doctor, and says so", async () => {
    const { ask, patient, doctor } = await deciding();
    expect(await ask(patient)).to.include({ permitted: true, reason: "PermittedToPatient" });
    expect(await ask(doctor, "TREAT")).to.include({ permitted: true, reason: "PermittedToTreatingDoctor" });
    expect(await ask(doctor, "HRESCH")).to.include({ permitted: false, reason: "NoConsent" });
  });

  it("follows a grant: before, for what it covers, after", async () => {
    const { ask, researcher, byPatient, terms } = await deciding();
    expect(await ask(researcher)).to.include({ permitted: false, reason: "NoConsent" });
    await grantConsent(byPatient, allRecords(), role(Role.Researcher), terms);
    expect(await ask(researcher)).to.include({ permitted: true, reason: "PermittedByGrant" });
    expect(await ask(researcher, "HMARKT")).to.include({ permitted: false, reason: "PurposeNotCovered" });
    expect(await ask(researcher, "HRESCH", DataClass.Laboratory)).to.include({ reason: "DataClassNotCovered" });
    await revokeConsent(byPatient, allRecords(), role(Role.Researcher));
    expect(await ask(researcher)).to.include({ permitted: false, reason: "ConsentRevoked" });
  });

  it("refuses strangers and unknown records", async () => {
    const { ask, relayer, consentRegistry, patient } = await deciding();
    expect(await ask(relayer)).to.include({ permitted: false, reason: "RequesterNotCertified" });
    const unknown = {
      recordId: `0x${"ab".repeat(32)}`,
      requester: patient.address,
      purpose: "TREAT",
      dataClass: 0,
    } as const;
    expect(await decide(consentRegistry, unknown)).to.include({ permitted: false, reason: "RecordUnknown" });
  });

  it("answers for an earlier block", async () => {
    const { recordId, researcher, byPatient, terms, consentRegistry } = await deciding();
    const before = await ethers.provider.getBlockNumber();
    const { receipt } = await grantConsent(byPatient, allRecords(), role(Role.Researcher), terms);
    const request = {
      recordId,
      requester: await researcher.getAddress(),
      purpose: "HRESCH",
      dataClass: DataClass.Conditions,
    } as const;
    expect(await decide(consentRegistry, request, before)).to.deep.equal({
      permitted: false,
      reason: "NoConsent",
      block: before,
    });
    expect(await decide(consentRegistry, request)).to.deep.equal({
      permitted: true,
      reason: "PermittedByGrant",
      block: receipt.blockNumber,
    });
  });

  it("says when there is no node, or no such block", async () => {
    const { recordId, patient, consentRegistry } = await deciding();
    const request = { recordId, requester: patient.address, purpose: "TREAT", dataClass: 0 } as const;
    expect(await rejection(decide(consentRegistry.connect(null), request))).to.be.instanceOf(ProviderMissing);
    expect(await rejection(decide(consentRegistry, request, 1_000_000))).to.be.instanceOf(BlockUnknown);
  });
});

describe("decisionName", () => {
  it("has the contract's decisions", () => {
    const codes = Object.fromEntries(decisionNames.map((name, code) => [name, code]));
    expect(codes).to.deep.equal(solidityEnum("records/IConsentRegistry.sol", "Decision"));
  });

  it("has a name for each code, and no more", () => {
    expect(decisionNames.map((_, code) => decisionName(BigInt(code)))).to.deep.equal([...decisionNames]);
    expect(() => decisionName(16n)).to.throw(DecisionUnknown, "16");
  });

  it("names permits Permitted, and nothing else", () => {
    const permits = decisionNames.filter((name) => name.startsWith("Permitted"));
    expect(permits).to.deep.equal(decisionNames.slice(0, 4));
  });
});
