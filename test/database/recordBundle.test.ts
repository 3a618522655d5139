import { expect } from "chai";
import fc from "fast-check";
import { findNodeAtLocation } from "jsonc-parser";
import { recordBundle } from "../../database/recordBundle.js";
import { checkResource, LeafKind, readSource } from "../../src/records/index.js";

const WORD = `0x${"ab".repeat(32)}`;
const header = {
  chainId: 31_337n,
  registry: `0x${"11".repeat(20)}`,
  patient: `0x${"22".repeat(20)}`,
  doctor: 1,
  institution: 1,
  recordedAt: 0,
  dataClass: 24,
  salt: WORD,
};
const record = { id: WORD, header, sectionsRoot: WORD, sections: [], serve: () => [] };
const now = new Date(0);

function bundleOf(texts: readonly string[], subset = false): Buffer {
  const served = texts.map((text, index) => ({
    ...{ recordId: WORD, header, sectionsRoot: WORD, kind: LeafKind.Full, dataClass: 0, salt: WORD, proof: [WORD] },
    path: `Basic/s${index}`,
    bytes: new TextEncoder().encode(text),
  }));
  return recordBundle({ record, served, fullUrls: texts.map((_, index) => `urn:x:${index}`), subset, now });
}

describe("a record's Bundle", () => {
  it("has the stored text of every section in it, character by character", () => {
    const odd = fc.constantFrom("1.50", "1e2", "-0.0", '"\\u0041\\/"', "[ 1 ,\t2 ]", '"\u{1f600}é"', '"}]}"');
    const text = fc.array(odd, { maxLength: 4 }).map((values) => {
      return `{ "resourceType":"Basic",\n ${values.map((value, at) => `"v${at}" : ${value} ,`).join(" ")} "end":0}`;
    });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), (texts) => {
        const source = readSource(bundleOf(texts));
        for (const [index, expected] of texts.entries()) {
          const node = findNodeAtLocation(source.root, ["entry", index, "resource"]);
          expect(source.text.slice(node?.offset, (node?.offset ?? 0) + (node?.length ?? 0))).to.equal(expected);
        }
      }),
    );
  });

  it("is valid FHIR, also when nothing could be served", () => {
    for (const bundle of [bundleOf([]), bundleOf(['{"resourceType":"Basic","code":{"text":"x"}}'], true)]) {
      const value: unknown = JSON.parse(bundle.toString());
      expect(checkResource(value).filter(({ severity }) => severity === "error")).to.be.empty;
      expect(value).to.include({ id: "ab".repeat(32), type: "collection" });
    }
  });

  it("names nobody and no day when it has only the hash of the header", () => {
    const anonymous = recordBundle({ record: { ...record, header: WORD }, served: [], fullUrls: [], subset: true });
    const value: unknown = JSON.parse(anonymous.toString());
    expect(checkResource(value).filter(({ severity }) => severity === "error")).to.be.empty;
    expect(anonymous.toString()).to.not.match(/timestamp|patient|doctor|recordedAt|chainId/);
    expect(anonymous.toString()).to.include(`"headerHash","valueString":"${WORD}"`);
  });

  it("says when it is only a part of the record", () => {
    expect(bundleOf([], true).toString()).to.include("SUBSETTED");
    expect(bundleOf([]).toString()).to.not.include("SUBSETTED");
  });
});
