import { expect } from "chai";
import fc from "fast-check";
import { SigningRequestInvalid } from "../../src/records/checkSigningRequest.js";
import { readSigningRequest } from "../../src/records/readSigningRequest.js";
import { enrolled, loadFixture, requestFor } from "../enrolled.js";

async function json() {
  const world = await loadFixture(enrolled);
  const request = await requestFor(world, world.patient[0]);
  return { request, value: JSON.parse(JSON.stringify(request)) as Record<string, unknown> };
}

describe("readSigningRequest", () => {
  it("gives back what was sent, and keeps nothing else", async () => {
    const { request, value } = await json();
    expect(readSigningRequest({ ...value, note: "sign at once" })).to.deep.equal(request);
  });

  it("refuses every missing field, by name", async () => {
    const { request, value } = await json();
    for (const field of Object.keys(request)) {
      const { [field]: _, ...others } = value;
      expect(() => readSigningRequest(others)).to.throw(SigningRequestInvalid, field);
    }
    for (const field of Object.keys(request.header)) {
      const header: Record<string, unknown> = { ...request.header };
      delete header[field];
      expect(() => readSigningRequest({ ...value, header })).to.throw(SigningRequestInvalid, field);
    }
  });

  it("refuses fields of another kind", async () => {
    const { request, value } = await json();
    const [section] = request.sections;
    const bad = [
      { id: "0x12" },
      { deadline: "tomorrow" },
      { deadline: -1 },
      { doctorWallet: "0x12" },
      { header: { ...request.header, chainId: 31_337 } },
      { header: { ...request.header, chainId: "0" } },
      { sections: {} },
      { sections: [null] },
      { sections: [{ ...section, full: { salt: 7, content: "" } }] },
      { sections: [{ ...section, deidentified: null }] },
    ];
    for (const change of bad) expect(() => readSigningRequest({ ...value, ...change })).to.throw(SigningRequestInvalid);
  });

  it("answers any JSON with a request or its typed error", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(() => readSigningRequest(value)).to.throw(SigningRequestInvalid);
      }),
    );
  });
});
