import { expect } from "chai";
import { grantConsent, narrowConsent, revokeAllConsents, revokeConsent } from "../../src/records/consent.js";
import { allRecords, grantKeyOf, institution, recordsOfClass, role } from "../../src/records/grant.js";
import { grantsOfWallet } from "../../src/records/grantsOfWallet.js";
import { termsOf } from "../../src/records/terms.js";
import { enrolled, fund, inDays, loadFixture, time } from "../enrolled.js";

async function granting() {
  const world = await loadFixture(enrolled);
  const [patient] = world.patient;
  await fund(patient);
  const registry = world.consentRegistry.connect(patient);
  const terms = termsOf({ purposes: ["TREAT", "HRESCH"], dataClasses: "all", until: await inDays(30) });
  const statuses = async () => (await grantsOfWallet(registry, patient.address)).map(({ status }) => status);
  return { world, patient, registry, terms, statuses };
}

describe("grantsOfWallet", () => {
  it("finds nothing where nothing was granted", async () => {
    const { statuses } = await granting();
    expect(await statuses()).to.deep.equal([]);
  });

  it("gives each scope and recipient once, as it stands, and nobody else's", async () => {
    const { world, patient, registry, terms } = await granting();
    const [neighbour] = world.neighbour;
    await fund(neighbour);
    await grantConsent(world.consentRegistry.connect(neighbour), allRecords(), institution(1), terms);
    await grantConsent(registry, recordsOfClass(24), institution(1), terms);
    await grantConsent(registry, recordsOfClass(24), institution(1), { ...terms, purposes: 3 });
    await narrowConsent(registry, recordsOfClass(24), institution(1), { ...terms, purposes: 1 });
    const [grant, ...others] = await grantsOfWallet(registry, patient.address);
    expect(others).to.deep.equal([]);
    expect(grant).to.deep.include({
      scope: recordsOfClass(24),
      recipient: institution(1),
      key: grantKeyOf(patient.address, recordsOfClass(24), institution(1)),
      purposes: 1,
      until: terms.until,
      status: "live",
    });
  });

  it("tells what has not started, has ended, was revoked, alone or with all", async () => {
    const { registry, terms, statuses } = await granting();
    const later = (await inDays(10)).getTime() / 1000;
    await grantConsent(registry, allRecords(), role(4), { ...terms, from: later });
    expect(await statuses()).to.deep.equal(["not started"]);
    await time.increaseTo(later);
    expect(await statuses()).to.deep.equal(["live"]);
    await time.increaseTo(terms.until);
    expect(await statuses()).to.deep.equal(["ended"]);
    await grantConsent(registry, allRecords(), institution(1), { ...terms, until: terms.until + 86_400 });
    await revokeConsent(registry, allRecords(), institution(1));
    expect(await statuses()).to.deep.equal(["ended", "revoked"]);
    await revokeAllConsents(registry);
    expect(await statuses()).to.deep.equal(["revoked", "revoked"]);
  });
});
