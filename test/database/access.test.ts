import { expect } from "chai";
import { FullLeafRefused, leafKindFor } from "../../database/access.js";
import { LeafKind } from "../../src/records/index.js";
import { PurposeOfUse, type PurposeOfUseCode } from "../../src/records/purposeOfUse.js";

describe("the form in which sections are served", () => {
  const purposes = Object.keys(PurposeOfUse) as PurposeOfUseCode[];
  const research = ["HRESCH", "CLINTRCH", "DSRCH", "BIORCH", "HMARKT"];

  it("is de-identified for research and the market, and nothing else can be had", () => {
    for (const purpose of purposes.filter((code) => research.includes(code))) {
      expect(leafKindFor(purpose, undefined)).to.equal(LeafKind.Deidentified);
      expect(leafKindFor(purpose, LeafKind.Deidentified)).to.equal(LeafKind.Deidentified);
      expect(() => leafKindFor(purpose, LeafKind.Full)).to.throw(FullLeafRefused, purpose);
    }
  });

  it("is full for every other purpose, unless less is asked for", () => {
    for (const purpose of purposes.filter((code) => !research.includes(code))) {
      expect(leafKindFor(purpose, undefined)).to.equal(LeafKind.Full);
      expect(leafKindFor(purpose, LeafKind.Full)).to.equal(LeafKind.Full);
      expect(leafKindFor(purpose, LeafKind.Deidentified)).to.equal(LeafKind.Deidentified);
    }
  });
});
