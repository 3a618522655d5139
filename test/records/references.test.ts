import { expect } from "chai";
import fc from "fast-check";
import { referencesIn, rewriteResource } from "../../src/records/references.js";
import { readSource } from "../../src/records/source.js";
import { utf8 } from "./tinyBundle.js";

const resolveUrn = (reference: string) =>
  reference.startsWith("urn:uuid:") ? `Thing/${reference.slice(9)}` : undefined;

function rewrite(text: string, id = "x"): { text: string; unresolved: string[] } {
  const source = readSource(utf8(text));
  const { text: rewritten, unresolved } = rewriteResource(source, source.root, id, resolveUrn);
  return { text: rewritten, unresolved: unresolved.map(({ path, reference }) => `${path} ${reference}`) };
}

/** JSON text of any shape, with odd numbers, escapes and whitespace; references are marked by REF. */
const space = fc.constantFrom("", " ", "\n", "\t", "\r\n  ");
const number = fc.constantFrom("1.50", "1e2", "-0.0", "100", "0.10e-3", "123456789012345678901234567890");
const string = fc.constantFrom(
  '"plain"',
  '"\\u0041\\n"',
  '"urn:uuid:not-a-reference"',
  '"é😀"',
  '"\\/"',
  '"reference"',
);
const key = fc.constantFrom("a", "b", "value", "\\u0062c", "references", "é");
const reference = fc.constant('{"reference":REF}');
const { value } = fc.letrec<{ value: string; array: string; object: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    number,
    string,
    fc.constantFrom("true", "null"),
    reference,
    tie("array"),
    tie("object"),
  ),
  array: fc
    .tuple(space, fc.array(tie("value"), { maxLength: 4 }))
    .map(([gap, items]) => `[${gap}${items.join(`${gap},`)}${gap}]`),
  object: fc
    .tuple(space, fc.uniqueArray(fc.tuple(key, tie("value")), { maxLength: 4, selector: ([name]) => name }))
    .map(
      ([gap, members]) =>
        `{${gap}${members.map(([name, inner]) => `"${name}"${gap}:${gap}${inner}`).join(`,${gap}`)}${gap}}`,
    ),
}));

describe("records/references", () => {
  it("changes nothing but references and the id", () => {
    fc.assert(
      fc.property(value, space, (inner, gap) => {
        const template = `{${gap}"resourceType":"Thing",${gap}"id":${gap}ID${gap},"inner":${inner}}`;
        const before = template.replaceAll("REF", '"urn:uuid:42"').replace("ID", '"old"');
        const after = template.replaceAll("REF", '"Thing/42"').replace("ID", '"x"');
        expect(rewrite(before).text).to.equal(after);
        expect(rewrite(after).text).to.equal(after);
      }),
      { numRuns: 300 },
    );
  });

  it("works on a resource in the middle of a text", () => {
    const source = readSource(utf8('[ 1.50, {"id":"x", "a":{"reference":"urn:uuid:7"}, "n":1.50} ]'));
    const node = source.root.children?.[1];
    expect(node && rewriteResource(source, node, "x", resolveUrn).text).to.equal(
      '{"id":"x", "a":{"reference":"Thing/7"}, "n":1.50}',
    );
  });

  it("writes an id where there is none", () => {
    expect(rewrite('{ "n":1.50}', "new").text).to.equal('{"id":"new", "n":1.50}');
    expect(rewrite("{}", "new").text).to.equal('{"id":"new"}');
  });

  it("leaves an id deeper inside alone", () => {
    expect(rewrite('{"id":"x","contained":[{"id":"old"}]}').text).to.equal('{"id":"x","contained":[{"id":"old"}]}');
  });

  it("leaves unresolved references and reports them", () => {
    const text = '{"id":"x","a":[{"reference":"Patient/9"},{"reference":"#c"}]}';
    expect(rewrite(text)).to.deep.equal({ text, unresolved: ["$.a[0].reference Patient/9"] });
  });

  it("does not take a member named reference for one when it is no string", () => {
    const source = readSource(utf8('{"reference":{"reference":"urn:uuid:1"},"x":{"reference":5}}'));
    expect(referencesIn(source.root).map(({ path }) => path)).to.deep.equal(["$.reference.reference"]);
  });
});
