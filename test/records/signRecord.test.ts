import { expect } from "chai";
import { domainOf, NotSignedBy } from "../../src/eip712.js";
import { SigningRequestInvalid } from "../../src/records/checkSigningRequest.js";
import { recordDomain } from "../../src/records/recordSignatures.js";
import { NotAParty, type SigningRequest } from "../../src/records/signingRequest.js";
import {
  BatchInvalid,
  SigningRequestExpired,
  signBatch,
  signRecord,
  verifyBatchSignature,
  verifyRecordSignature,
} from "../../src/records/signRecord.js";
import { enrolled, loadFixture, rejection, requestFor } from "../enrolled.js";

async function signing() {
  const world = await loadFixture(enrolled);
  const [patient] = world.patient;
  return { ...world, world, patient, request: await requestFor(world, patient) };
}

describe("signRecord", () => {
  it("signs as the party that the signer is, and verifies", async () => {
    const { request, patient, doctor, world } = await signing();
    const ofPatient = await signRecord(request, patient);
    const ofDoctor = await signRecord(request, doctor, { domain: await domainOf(world.recordRegistry) });
    expect([ofPatient.party, ofDoctor.party]).to.deep.equal(["patient", "doctor"]);
    for (const signed of [ofPatient, ofDoctor]) expect(() => verifyRecordSignature(request, signed)).not.to.throw();

    const swapped = { party: "patient" as const, signature: ofDoctor.signature };
    expect(() => verifyRecordSignature(request, swapped)).to.throw(NotSignedBy);
    const extended = { ...request, deadline: request.deadline + 86_400 };
    expect(() => verifyRecordSignature(extended, ofPatient)).to.throw(NotSignedBy);
    const amending = { ...request, supersedes: request.id };
    expect(() => verifyRecordSignature(amending, ofPatient)).to.throw(NotSignedBy);
  });

  it("signs nothing that does not hold together, is late, or is somebody else's", async () => {
    const { request, patient, relayer } = await signing();
    const forged = { ...request, sections: request.sections.slice(1) };
    expect(await rejection(signRecord(forged, patient))).to.be.instanceOf(SigningRequestInvalid);
    const now = new Date((request.deadline + 1) * 1000);
    expect(await rejection(signRecord(request, patient, { now }))).to.be.instanceOf(SigningRequestExpired);
    expect(await rejection(signRecord(request, relayer))).to.be.instanceOf(NotAParty);
  });

  it("signs for no other chain or registry than the signer means", async () => {
    const { request, patient, chainId, consentRegistry } = await signing();
    const domains = [
      recordDomain(1n, request.header.registry),
      recordDomain(chainId, await consentRegistry.getAddress()),
    ];
    for (const domain of domains) {
      expect(await rejection(signRecord(request, patient, { domain }))).to.be.instanceOf(SigningRequestInvalid);
    }
  });
});

describe("signBatch", () => {
  it("is signed by the doctor for these records in this order", async () => {
    const { world, doctor } = await signing();
    const requests = [await requestFor(world, world.patient[0]), await requestFor(world, world.neighbour[0])];
    const batch = await signBatch(requests, doctor);
    expect(() => verifyBatchSignature(batch)).not.to.throw();
    const [first, second] = batch.requests;
    if (!second) throw new Error("The batch lost a record.");
    expect(() => verifyBatchSignature({ ...batch, requests: [second, first] })).to.throw(NotSignedBy);
    expect(() => verifyBatchSignature({ ...batch, requests: [first] })).to.throw(NotSignedBy);
  });

  it("refuses what is no batch", async () => {
    const { request, doctor, patient } = await signing();
    const header = { ...request.header, institution: 2 };
    const bad: SigningRequest[][] = [
      [],
      Array.from({ length: 257 }, () => request),
      [{ ...request, supersedes: request.id }],
      [request, { ...request, deadline: request.deadline + 86_400 }],
      [request, { ...request, doctorWallet: patient.address }],
    ];
    for (const requests of bad) expect(await rejection(signBatch(requests, doctor))).to.be.instanceOf(BatchInvalid);
    expect(await rejection(signBatch([request], patient))).to.be.instanceOf(BatchInvalid);
    expect(await rejection(signBatch([{ ...request, header }], doctor))).to.be.instanceOf(SigningRequestInvalid);
  });
});
