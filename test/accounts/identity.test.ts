import { expect } from "chai";
import { checkIdentity, InvalidIdentity } from "../../src/accounts/identity.js";

describe("checkIdentity", () => {
  it("returns the identity, and nothing that came along with it", () => {
    const identity = { system: "http://hl7.org/fhir/sid/us-ssn", value: "999-49-2969", use: "official" };
    expect(checkIdentity(identity)).to.deep.equal({ system: identity.system, value: identity.value });
  });

  const malformed = {
    "an empty text": "",
    "space before": " 1",
    "a line's end after": "1\n",
    "half a character": "\ud800",
    "a decomposed letter": "u\u0308",
  };
  for (const [what, text] of Object.entries(malformed)) {
    it(`refuses ${what}`, () => {
      expect(() => checkIdentity({ system: text, value: "1" })).to.throw(InvalidIdentity, "system");
      expect(() => checkIdentity({ system: "s", value: text })).to.throw(InvalidIdentity, "value");
    });
  }
});
