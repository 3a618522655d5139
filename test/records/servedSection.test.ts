import { expect } from "chai";
import fc from "fast-check";
import { readBundle } from "../../src/records/bundle.js";
import { documentsOf } from "../../src/records/documents.js";
import { headerHash } from "../../src/records/recordId.js";
import { buildRecord } from "../../src/records/sealedRecord.js";
import {
  RecordMismatch,
  SectionTampered,
  type ServedSection,
  verifyServedSection,
} from "../../src/records/servedSection.js";
import { tinyBundle } from "./tinyBundle.js";

const parts = {
  chainId: 31337n,
  registry: "0x1111111111111111111111111111111111111111",
  patient: "0x2222222222222222222222222222222222222222",
  doctor: 1,
  institution: 2,
  recordedAt: 1_795_478_400,
};

/** Every form of every section of a record, as an honest institution serves it. */
function servedSections(): ServedSection[] {
  return documentsOf(readBundle(tinyBundle()))
    .documents.slice(0, 1)
    .flatMap((document) => {
      const { id, header, sectionsRoot, sections, tree } = buildRecord(document, parts);
      return sections.flatMap(({ path, full, deidentified }) =>
        [full, ...(deidentified ? [deidentified] : [])].map(({ kind, salt, bytes, leaf }) => ({
          recordId: id,
          header,
          sectionsRoot,
          kind,
          path,
          salt,
          bytes,
          proof: tree.proof(leaf),
        })),
      );
    });
}

const served = servedSections();
const other = servedSections();
const anySection = fc.constantFrom(...served);

describe("records/servedSection", () => {
  it("accepts every section as it was sealed, by header and by the header's hash", () => {
    expect(served).to.have.length(10);
    for (const section of served) {
      expect(() => verifyServedSection(section)).not.to.throw();
      const header = typeof section.header === "string" ? section.header : headerHash(section.header);
      expect(() => verifyServedSection({ ...section, header })).not.to.throw();
    }
  });

  it("refuses a section in which any byte was changed", () => {
    fc.assert(
      fc.property(anySection, fc.nat(), fc.integer({ min: 1, max: 255 }), (section, at, change) => {
        const bytes = section.bytes.map((byte, index) => (index === at % section.bytes.length ? byte ^ change : byte));
        expect(() => verifyServedSection({ ...section, bytes })).to.throw(SectionTampered, section.path);
      }),
      { numRuns: 100 },
    );
  });

  it("refuses another path, kind, salt, proof or section", () => {
    const [section, second] = served;
    if (section === undefined || second === undefined) throw new Error("no sections");
    for (const change of [
      { path: "Encounter/s1" },
      { path: "Patient/563460b4" },
      { kind: 1 as const },
      { salt: second.salt },
      { salt: "0x00" },
      { proof: second.proof },
      { proof: [] },
      { proof: ["x"] },
      { bytes: second.bytes },
    ]) {
      expect(() => verifyServedSection({ ...section, ...change }), JSON.stringify(change)).to.throw(SectionTampered);
    }
  });

  it("refuses another record's id, root or header, and headers that are none", () => {
    const [section] = served;
    const [foreign] = other;
    if (section === undefined || foreign === undefined || typeof section.header === "string")
      throw new Error("no sections");
    for (const change of [
      { recordId: foreign.recordId },
      { sectionsRoot: foreign.sectionsRoot },
      { header: foreign.header },
      { header: { ...section.header, doctor: 2 } },
      { header: { ...section.header, doctor: -1 } },
      { header: "0x00" },
      { sectionsRoot: "" },
    ]) {
      expect(() => verifyServedSection({ ...section, ...change })).to.throw(RecordMismatch);
    }
  });
});
