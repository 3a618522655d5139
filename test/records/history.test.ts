import { expect } from "chai";
import { ChainError } from "../../src/chainError.js";
import {
  grantConsent,
  narrowConsent,
  revokeAllConsents,
  revokeConsent,
  setBreakGlassOptOut,
} from "../../src/records/consent.js";
import { allRecords, institution, oneRecord, recordsOfClass } from "../../src/records/grant.js";
import { historyOf } from "../../src/records/history.js";
import { acceptRecord, registerBatch } from "../../src/records/register.js";
import { signBatch } from "../../src/records/signRecord.js";
import { termsOf } from "../../src/records/terms.js";
import { enrolled, fund, inDays, loadFixture, registeredFor, rejection, requestFor, time } from "../enrolled.js";

async function living() {
  const world = await loadFixture(enrolled);
  const [patient] = world.patient;
  await fund(patient);
  const byPatient = world.consentRegistry.connect(patient);
  const terms = termsOf({ purposes: ["TREAT", "HRESCH"], dataClasses: "all", until: await inDays(30) });
  return { ...world, world, patient, byPatient, terms };
}

describe("historyOf", () => {
  it("tells a record's life in order, with block, time and transaction", async () => {
    const { world, patient, byPatient, terms } = await living();
    const { recordRegistry, doctor, hospital } = world;
    const batch = await signBatch([await requestFor(world, patient)], doctor);
    const [id = ""] = (await registerBatch(recordRegistry.connect(hospital), batch)).ids;
    await acceptRecord(recordRegistry.connect(patient), id);
    await grantConsent(byPatient, oneRecord(id), institution(1), terms);
    await narrowConsent(byPatient, oneRecord(id), institution(1), { ...terms, purposes: 1 });
    const { receipt } = await revokeConsent(byPatient, oneRecord(id), institution(1));
    const revokedAt = await time.latest();
    await world.consentRegistry.connect(doctor).breakGlass(id, 1);
    const amendment = await registeredFor(world, patient, id);

    const history = await historyOf(world, id);
    expect(history.map(({ event }) => event)).to.deep.equal([
      "RecordAsserted",
      "RecordAccepted",
      "ConsentGranted",
      "ConsentNarrowed",
      "ConsentRevoked",
      "GlassBroken",
      "RecordAmended",
    ]);
    expect(history[4]).to.include({ block: receipt.blockNumber, time: revokedAt, transaction: receipt.hash });
    expect(history[2]?.args)
      .to.have.property("granted")
      .that.includes({ purposes: terms.purposes, until: terms.until });
    expect(history[6]?.args).to.deep.equal({ id: amendment, supersedes: id });

    const ofAmendment = await historyOf(world, amendment);
    expect(ofAmendment.map(({ event }) => event)).to.deep.equal(["RecordRegistered", "RecordAmended"]);
  });

  it("has the grants that cover the record, and no others", async () => {
    const { world, patient, byPatient, terms } = await living();
    const [id, other] = [await registeredFor(world, patient), await registeredFor(world, patient)];
    await grantConsent(byPatient, allRecords(), institution(1), terms);
    await grantConsent(byPatient, recordsOfClass(24), institution(2), terms);
    await grantConsent(byPatient, recordsOfClass(25), institution(3), terms);
    await grantConsent(byPatient, oneRecord(other), institution(4), terms);
    await revokeConsent(byPatient, oneRecord(other), institution(4));
    const [, neighbour] = [patient, world.neighbour[0]];
    await fund(neighbour);
    await grantConsent(world.consentRegistry.connect(neighbour), allRecords(), institution(1), terms);

    const history = await historyOf(world, id);
    const recipients = history.filter(({ event }) => event === "ConsentGranted").map(({ args }) => args.recipient);
    expect(recipients).to.deep.equal([1n, 2n]);
    expect(history.some(({ event }) => event === "ConsentRevoked")).to.equal(false);
  });

  it("has what concerns all records of the wallet", async () => {
    const { world, patient, byPatient } = await living();
    const id = await registeredFor(world, patient);
    await setBreakGlassOptOut(byPatient, true);
    await revokeAllConsents(byPatient);
    const events = (await historyOf(world, id)).map(({ event }) => event);
    expect(events).to.deep.equal(["RecordRegistered", "BreakGlassOptOutSet", "AllConsentsRevoked"]);
  });

  it("can be limited to some blocks", async () => {
    const { world, patient, byPatient } = await living();
    const id = await registeredFor(world, patient);
    const { receipt } = await setBreakGlassOptOut(byPatient, true);
    const fromBlock = receipt.blockNumber;
    expect((await historyOf(world, id, { fromBlock })).map(({ event }) => event)).to.deep.equal([
      "BreakGlassOptOutSet",
    ]);
  });

  it("knows nothing of an unknown record", async () => {
    const { world } = await living();
    const error = await rejection(historyOf(world, `0x${"ab".repeat(32)}`));
    expect(error).to.be.instanceOf(ChainError).with.property("errorName", "RecordUnknown");
  });
});
