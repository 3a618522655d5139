import { expect } from "chai";
import fc from "fast-check";
import { findNodeAtLocation } from "jsonc-parser";
import { membersOf, readSource, SourceRefused, textOf } from "../../src/records/source.js";
import { thrownBy, utf8 } from "./tinyBundle.js";

function refusal(text: string | Uint8Array): { code: string; path: string } {
  const bytes = typeof text === "string" ? utf8(text) : text;
  const { code, path } = thrownBy(SourceRefused, () => readSource(bytes));
  return { code, path };
}

describe("records/source", () => {
  it("gives the value and the exact text of its parts", () => {
    const source = readSource(utf8(' {"a" : [1.50, 1e2, -0.0, "\\u0041é😀"]}\n'));
    expect(source.value).to.deep.equal({ a: [1.5, 100, -0, "Aé😀"] });
    const node = findNodeAtLocation(source.root, ["a"]);
    expect(node && textOf(source, node)).to.equal('[1.50, 1e2, -0.0, "\\u0041é😀"]');
    expect(membersOf(source.root).map(({ key }) => key)).to.deep.equal(["a"]);
  });

  it("accepts whatever JSON.stringify makes, with the same value", () => {
    const acceptable = fc.json({ maxDepth: 6 }).filter((text) => !text.includes("__proto__"));
    fc.assert(
      fc.property(acceptable, (text) => {
        expect(readSource(utf8(text)).value).to.deep.equal(JSON.parse(text));
      }),
      { numRuns: 200 },
    );
  });

  it("refuses bytes that are not UTF-8 and a byte order mark", () => {
    expect(refusal(Uint8Array.of(0x22, 0xff, 0x22)).code).to.equal("not-utf8");
    expect(refusal(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22)).code).to.equal("not-utf8");
    expect(refusal("\ufeff{}").code).to.equal("not-json");
  });

  it("refuses a depth bomb before anything recurses", () => {
    expect(refusal("[".repeat(200_000)).code).to.equal("too-deep");
    expect(refusal('{"a":'.repeat(65)).code).to.equal("too-deep");
    expect(() => readSource(utf8("[".repeat(64) + "]".repeat(64)))).not.to.throw();
  });

  it("refuses a long array and an object with many members, and says where", () => {
    expect(refusal(`{"a":{"b":[${"0,".repeat(10_000)}0]}}`)).to.deep.equal({ code: "too-long", path: "$.a.b[10000]" });
    expect(() => readSource(utf8(`[${"0,".repeat(9_999)}0]`))).not.to.throw();
    const members = Array.from({ length: 10_001 }, (_, index) => `"k${index}":0`).join(",");
    expect(refusal(`{${members}}`).code).to.equal("too-long");
  });

  it("refuses a large text", () => {
    expect(() => readSource(utf8('"1234567890"'), { bytes: 11, depth: 64, length: 10 })).to.throw(
      SourceRefused,
      "too-large",
    );
  });

  it("refuses duplicate keys, also when one is written with escapes", () => {
    expect(refusal('{"a":1,"a":2}').code).to.equal("duplicate-key");
    expect(refusal('[{"x":{"a":1,"\\u0061":2}}]')).to.deep.equal({ code: "duplicate-key", path: "$[0].x.a" });
    expect(() => readSource(utf8('[{"a":"a"},{"a":["a","a"]}]'))).not.to.throw();
  });

  it("refuses __proto__ as a key and accepts it as a value", () => {
    expect(refusal('{"a":{"__proto__":{"b":1}}}').code).to.equal("forbidden-key");
    expect(refusal('{"\\u005f_proto__":1}').code).to.equal("forbidden-key");
    expect(() => readSource(utf8('{"a":"__proto__"}'))).not.to.throw();
  });

  it("quotes neither the text nor long keys in its messages", () => {
    const run = () => readSource(utf8('{"name": Quimbleton}'));
    expect(thrownBy(SourceRefused, run).message).not.to.include("Quimbleton");
    expect(refusal(`{"${"k".repeat(1000)}":1,"${"k".repeat(1000)}":1}`).path).to.have.length(66);
  });

  it("refuses what is not strict JSON", () => {
    for (const text of ["", "{", "[1,]", "{a:1}", "// c\n1", "'a'", "01", "1 2", "NaN", "]", ",", '"\t"']) {
      expect(refusal(text).code, text).to.equal("not-json");
    }
  });
});
