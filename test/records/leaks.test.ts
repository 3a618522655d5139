import { expect } from "chai";
import { readBundle } from "../../src/records/bundle.js";
import { documentsOf } from "../../src/records/documents.js";
import { findLeaks } from "../../src/records/leaks.js";
import { buildRecord } from "../../src/records/sealedRecord.js";
import { PATIENT, tinyBundle, utf8, uuid } from "./tinyBundle.js";

const bundle = readBundle(tinyBundle());

function kindsIn(value: unknown): string[] {
  return findLeaks(bundle, [utf8(JSON.stringify({ a: [{ b: value }] }))]).map(({ kind }) => kind);
}

const parts = {
  chainId: 31337n,
  registry: "0x1111111111111111111111111111111111111111",
  patient: "0x2222222222222222222222222222222222222222",
  doctor: 1,
  institution: 1,
  recordedAt: 1_795_478_400,
};

describe("records/leaks", () => {
  it("finds nothing in the de-identified sections and much in the full ones", () => {
    const sections = documentsOf(bundle).documents.flatMap((document) => buildRecord(document, parts).sections);
    expect(
      findLeaks(
        bundle,
        sections.flatMap(({ deidentified }) => deidentified?.bytes ?? []),
      ),
    ).to.deep.equal([]);
    const full = findLeaks(
      bundle,
      sections.map(({ full: { bytes } }) => bytes),
    );
    expect(new Set(full.map(({ kind }) => kind))).to.deep.equal(
      new Set(["name", "identifier", "contact", "address", "date", "organization"]),
    );
  });

  it("finds names of patient and practitioner, whole or as a token", () => {
    for (const text of ["Quimbleton", "seen by Dr. Drumhelm, again", "ZELPHIRA", "Zelphira (f)"])
      expect(kindsIn(text), text).to.deep.equal(["name"]);
    expect(findLeaks(bundle, [utf8("{}"), utf8('{"x":["a",{"y":"Mrs Quimbleton"}]}')])).to.deep.equal([
      { kind: "name", index: 1, path: "$.x[1].y", found: "Quimbleton" },
    ]);
  });

  it("finds identifiers, ids and references", () => {
    for (const text of ["MRN-7734-21", "no. MRN-7734-21", `Patient/${PATIENT}`, `urn:uuid:${uuid(12)}`, "9912345"]) {
      expect(kindsIn(text), text).to.deep.equal(["identifier"]);
    }
  });

  it("finds telephone numbers, addresses, organizations and full dates", () => {
    expect(kindsIn("call 555-867-5309")).to.deep.equal(["contact"]);
    expect(kindsIn("lives at 12 Larkspur Crescent")).to.deep.equal(["address"]);
    expect(kindsIn("04321")).to.deep.equal(["address"]);
    expect(kindsIn("Fernhollow General Hospital")).to.include("organization");
    expect(kindsIn("2011-12-23T12:11:31+00:00")).to.deep.equal(["date"]);
    expect(kindsIn("born 1950-03-17")).to.deep.equal(["date"]);
  });

  it("raises no alarm at substrings, years, numbers and code words", () => {
    for (const value of [
      "1950",
      "2011",
      "043210",
      "0.04321",
      "Quimbletonia",
      "12",
      "quimbleton-code",
      4321,
      9912345,
      true,
      null,
    ]) {
      expect(kindsIn(value), String(value)).to.deep.equal([]);
    }
  });

  it("takes the digits of a public code for a concept", () => {
    expect(kindsIn({ system: "http://snomed.info/sct", code: "9912345" })).to.deep.equal([]);
    expect(kindsIn({ code: "9912345" })).to.deep.equal(["identifier"]);
    expect(kindsIn({ system: "http://snomed.info/sct", code: "MRN-7734-21" })).to.deep.equal(["identifier"]);
  });
});
