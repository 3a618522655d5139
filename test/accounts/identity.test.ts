import { expect } from "chai";
import fc from "fast-check";
import { checkIdentity, InvalidIdentity, isSameIdentity } from "../../src/accounts/identity.js";

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

describe("isSameIdentity", () => {
  const identity = fc.record({ system: fc.string(), value: fc.string() });

  it("holds of an identity and its copy, whatever else came along", () => {
    fc.assert(fc.property(identity, (one) => isSameIdentity(one, { ...one, ...{ use: "official" } })));
  });

  it("does not hold where system or value differ", () => {
    fc.assert(
      fc.property(identity, fc.string({ minLength: 1 }), ({ system, value }, more) => {
        expect(isSameIdentity({ system, value }, { system: system + more, value })).to.equal(false);
        expect(isSameIdentity({ system, value }, { system, value: value + more })).to.equal(false);
        expect(isSameIdentity({ system: system + more, value }, { system, value: more + value })).to.equal(false);
      }),
    );
  });
});
