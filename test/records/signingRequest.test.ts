import { expect } from "chai";
import { ZeroHash } from "ethers";
import { domainOf } from "../../src/eip712.js";
import { domainOfRequest, NotAParty, partyOf, signingRequestOf } from "../../src/records/signingRequest.js";
import { isWholeDay } from "../../src/utcDay.js";
import { enrolled, inDays, loadFixture, requestFor, sealedFor } from "../enrolled.js";
import { textOfBytes } from "./tinyBundle.js";

describe("signingRequestOf", () => {
  it("has everything that the id commits to, byte for byte, as plain JSON", async () => {
    const world = await loadFixture(enrolled);
    const record = await sealedFor(world, world.patient[0]);
    const doctorWallet = await world.doctor.getAddress();
    const request = signingRequestOf(record, { doctorWallet, deadline: await inDays(2.5) });

    expect(JSON.parse(JSON.stringify(request))).to.deep.equal(request);
    expect(request).to.include({
      id: record.id,
      sectionsRoot: record.sectionsRoot,
      supersedes: ZeroHash,
      doctorWallet,
    });
    expect(request.sections.map(({ full }) => full.content)).to.deep.equal(
      record.sections.map(({ full }) => textOfBytes(full.bytes)),
    );
    expect(request.sections.map(({ deidentified }) => deidentified?.salt)).to.deep.equal(
      record.sections.map(({ deidentified }) => deidentified?.salt),
    );
    expect(isWholeDay(request.deadline)).to.equal(true);
  });

  it("is for the registry's own domain", async () => {
    const world = await loadFixture(enrolled);
    const request = await requestFor(world, world.patient[0]);
    expect(domainOfRequest(request)).to.deep.equal(await domainOf(world.recordRegistry));
  });
});

describe("partyOf", () => {
  it("knows patient and doctor, in any spelling of the address, and nobody else", async () => {
    const world = await loadFixture(enrolled);
    const request = await requestFor(world, world.patient[0]);
    expect(partyOf(request, world.patient[0].address.toLowerCase())).to.equal("patient");
    expect(partyOf(request, await world.doctor.getAddress())).to.equal("doctor");
    expect(() => partyOf(request, world.patient[1].address)).to.throw(NotAParty);
  });
});
