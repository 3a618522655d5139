import { expect } from "chai";
import { SigningRequestInvalid } from "../../src/records/checkSigningRequest.js";
import { readSignedBatch, readSignedRequest } from "../../src/records/readSignedRequest.js";
import { signBatch } from "../../src/records/signRecord.js";
import { enrolled, loadFixture, requestFor, signedByBoth } from "../enrolled.js";

const written = (value: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(value));

async function signed() {
  const world = await loadFixture(enrolled);
  const [patient] = world.patient;
  const request = await requestFor(world, patient);
  return { world, request, signed: await signedByBoth(world, request, patient) };
}

describe("readSignedRequest", () => {
  it("gives back what was written, and keeps nothing else", async () => {
    const { signed: both } = await signed();
    expect(readSignedRequest({ ...written(both), note: "register at once" })).to.deep.equal(both);
  });

  it("refuses a request without both signatures, or with another text in their place", async () => {
    const { signed: both } = await signed();
    const { patient, doctor } = both.signatures;
    for (const signatures of [undefined, { patient }, { doctor }, { patient, doctor: "signed" }]) {
      expect(() => readSignedRequest({ ...written(both), signatures })).to.throw(SigningRequestInvalid);
    }
    expect(() => readSignedRequest(null)).to.throw(SigningRequestInvalid);
  });
});

describe("readSignedBatch", () => {
  it("gives back what was written", async () => {
    const { world, request } = await signed();
    const batch = await signBatch([request], world.doctor);
    expect(readSignedBatch(written(batch))).to.deep.equal(batch);
  });

  it("refuses a batch of nothing, or without a signature", async () => {
    const { world, request } = await signed();
    const batch = written(await signBatch([request], world.doctor));
    expect(() => readSignedBatch({ ...batch, requests: [] })).to.throw(SigningRequestInvalid, "no requests");
    expect(() => readSignedBatch({ ...batch, signature: undefined })).to.throw(SigningRequestInvalid);
    expect(() => readSignedBatch([])).to.throw(SigningRequestInvalid);
  });
});
