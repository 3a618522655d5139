import { expect } from "chai";
import { readBundle } from "../../src/records/bundle.js";
import { documentsOf, type EncounterDocument } from "../../src/records/documents.js";
import { LeafInvalid } from "../../src/records/leaf.js";
import { headerHash, RecordHeaderInvalid, recordId } from "../../src/records/recordId.js";
import { buildRecord, leavesOf } from "../../src/records/sealedRecord.js";
import { buildSectionTree } from "../../src/records/sectionTree.js";
import { checkResource } from "../../src/records/validate.js";
import { textOfBytes, tinyBundle } from "./tinyBundle.js";

const parts = {
  chainId: 31337n,
  registry: "0x1111111111111111111111111111111111111111",
  patient: "0x2222222222222222222222222222222222222222",
  doctor: 1,
  institution: 2,
  recordedAt: 1_795_478_400,
};

function theDocument(): EncounterDocument {
  const [document] = documentsOf(readBundle(tinyBundle())).documents;
  if (document === undefined) throw new Error("no document");
  return document;
}

function countingSalts(): () => Uint8Array {
  let count = 0;
  return () => {
    count += 1;
    return new Uint8Array(32).fill(count);
  };
}

describe("records/sealedRecord", () => {
  it("names sections by position and gives every form its own salt", () => {
    const { header, sections } = buildRecord(theDocument(), parts);
    expect(sections.map(({ path }) => path)).to.deep.equal([
      "Encounter/s0",
      "Condition/s1",
      "Observation/s2",
      "Patient/s3",
      "Practitioner/s4",
      "Organization/s5",
    ]);
    const salts = [
      header.salt,
      ...sections.flatMap(({ full, deidentified }) => [full.salt, deidentified?.salt ?? []].flat()),
    ];
    expect(new Set(salts).size).to.equal(salts.length);
  });

  it("has de-identified forms of everything but practitioner and organization, and says why", () => {
    const { sections } = buildRecord(theDocument(), parts);
    expect(
      sections.filter(({ deidentified }) => deidentified === undefined).map(({ resourceType }) => resourceType),
    ).to.deep.equal(["Practitioner", "Organization"]);
    for (const { deidentified, withheld } of sections) {
      if (deidentified) expect(checkResource(JSON.parse(textOfBytes(deidentified.bytes)))).to.deep.equal([]);
      else expect(withheld).to.include("never de-identified");
    }
    const encounterOf = sections[2]?.deidentified;
    expect(encounterOf && JSON.parse(textOfBytes(encounterOf.bytes)).encounter).to.deep.equal({
      reference: "Encounter/s0",
    });
  });

  it("commits to header and sections in its id", () => {
    const record = buildRecord(theDocument(), parts);
    expect(record.header).to.include({ ...parts, dataClass: 24 });
    expect(record.headerHash).to.equal(headerHash(record.header));
    expect(record.sectionsRoot).to.equal(buildSectionTree(leavesOf(record.sections)).root);
    expect(record.id).to.equal(recordId(record.headerHash, record.sectionsRoot));
  });

  it("is the same for the same salts and different for fresh ones", () => {
    const ids = [countingSalts(), countingSalts()].map((salts) => buildRecord(theDocument(), parts, salts).id);
    expect(ids[0]).to.equal(ids[1]);
    expect(buildRecord(theDocument(), parts).id).not.to.equal(buildRecord(theDocument(), parts).id);
  });

  it("refuses a header out of range and short salts", () => {
    expect(() => buildRecord(theDocument(), { ...parts, doctor: -1 })).to.throw(RecordHeaderInvalid, "doctor");
    expect(() => buildRecord(theDocument(), parts, () => new Uint8Array(8))).to.throw(LeafInvalid);
  });
});
