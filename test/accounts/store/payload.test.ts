import { expect } from "chai";
import fc from "fast-check";
import { decodePayload, encodePayload } from "../../../src/accounts/store/payload.js";

describe("encodePayload", () => {
  it("decodes to the content", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" })), (content) => {
        expect(decodePayload(encodePayload(content))).to.deep.equal(JSON.parse(JSON.stringify(content)));
      }),
    );
  });

  it("has the same length for contents of nearly the same length", () => {
    expect(encodePayload({ value: "1" }).length).to.equal(encodePayload({ value: "Łódź".repeat(20) }).length);
    expect(encodePayload({ value: "x".repeat(600) }).length).to.equal(1024);
  });
});
