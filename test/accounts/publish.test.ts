import { expect } from "chai";
import { type InstitutionEntry, publishInstitution } from "../../src/accounts/publish.js";
import { ChainError } from "../../src/chainError.js";
import type { AccountCenter } from "../../types/ethers-contracts/index.js";
import { enrolled, loadFixture, rejection } from "../enrolled.js";

const entry = { fhirUrl: "https://fhir.hospital.example", encryptionKey: "0xabcd" };

async function published(accountCenter: AccountCenter): Promise<InstitutionEntry> {
  const { fhirUrl, encryptionKey } = await accountCenter.institutionOf(1);
  return { fhirUrl, encryptionKey };
}

describe("publishInstitution", () => {
  it("says where the institution is found, in place of what it said before", async () => {
    const { accountCenter, hospital } = await loadFixture(enrolled);
    await publishInstitution(accountCenter.connect(hospital), entry);
    expect(await published(accountCenter)).to.deep.equal(entry);
    const moved = { fhirUrl: "https://fhir.elsewhere.example", encryptionKey: "0x" };
    await publishInstitution(accountCenter.connect(hospital), moved);
    expect(await published(accountCenter)).to.deep.equal(moved);
  });

  it("is refused with the contract's reason", async () => {
    const { accountCenter, hospital, doctor } = await loadFixture(enrolled);
    const nowhere = await rejection(publishInstitution(accountCenter.connect(hospital), { ...entry, fhirUrl: "" }));
    expect(nowhere).to.be.instanceOf(ChainError).with.property("errorName", "InstitutionEntryInvalid");
    const another = await rejection(publishInstitution(accountCenter.connect(doctor), entry));
    expect(another).to.be.instanceOf(ChainError).with.property("errorName", "AccountRoleMismatch");
  });
});
