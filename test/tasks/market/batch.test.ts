import { expect } from "chai";
import { MaxUint256 } from "ethers";
import { PRICING_LIMIT } from "../../../src/market/pricing.js";
import { PricingInputTooLarge } from "../../../src/market/pricingErrors.js";
import { FileUnusable } from "../../../tasks/file.js";
import {
  type Answer,
  answeredText,
  type Batch,
  InputInvalid,
  readBatch,
  readTerms,
} from "../../../tasks/market/batch.js";

const inputs = { alpha: "1", c: "2", dMin: "3", gamma: "4", lambdaMin: "5", lambdaMax: "6" };
const batchOf = (text: string | Uint8Array): Batch => readBatch(Buffer.from(text), "cases.json");
const refused: Answer = { error: "E" };

describe("readBatch", () => {
  it("takes a byte order mark for no part of the document", () => {
    const { source, cases } = batchOf('\ufeff{"cases":[{},{}]}');
    expect(source.text).to.equal('{"cases":[{},{}]}');
    expect(cases).to.have.length(2);
  });

  it("refuses what is no document with cases, and says where", () => {
    const reason = (text: string | Uint8Array, expected: string) =>
      expect(() => batchOf(text)).to.throw(FileUnusable, `The file cases.json ${expected}`);
    reason("[]", "has no cases");
    reason('{"cases": {}}', "has no cases");
    reason('{"cases": [{}, null]}', "has a case that is no object, number 1");
    reason('{"cases": [', "is not JSON as it is taken here. JSON refused at $ (not-json)");
    reason(
      '{"cases": [{"inputs": {}, "inputs": {}}]}',
      "is not JSON as it is taken here. JSON refused at $.cases[0].inputs",
    );
    reason('{"cases": [{"__proto__": {}}]}', "is not JSON as it is taken here. JSON refused at $.cases[0].");
    reason(Buffer.from('{"cases": []}', "utf16le"), "is not JSON as it is taken here.");
    reason(Buffer.from([0xff, 0xfe]), "is not JSON as it is taken here. JSON refused at $ (not-utf8): send UTF-8");
  });
});

describe("readTerms", () => {
  const termsOf = (text: string) => {
    const [one] = batchOf(`{"cases":[${text}]}`).cases;
    if (one === undefined) throw new Error("There is no case.");
    return readTerms(one);
  };
  const withAlpha = (alpha: string) =>
    `{"inputs":{"c":"2","dMin":"3","gamma":"4","lambdaMin":"5","lambdaMax":"6","alpha":${alpha}}}`;

  it("reads whole numbers", () => {
    expect(termsOf(JSON.stringify({ inputs }))).to.deep.equal({
      alpha: 1n,
      c: 2n,
      dMin: 3n,
      gamma: 4n,
      lambdaMin: 5n,
      lambdaMax: 6n,
    });
  });

  it("says a wrong input as it stands in the document", () => {
    const said = (text: string, expected: string) => expect(() => termsOf(text)).to.throw(InputInvalid, expected);
    said("{}", "inputs is missing: give");
    said('{"inputs": [1, 2]}', "inputs is [1, 2]: give");
    said('{"inputs":{}}', "alpha is missing: give");
    said(withAlpha("10500000000000000000001"), "alpha is 10500000000000000000001: give");
    said(withAlpha("1.50"), "alpha is 1.50: give");
    said(withAlpha('"5\\n"'), 'alpha is "5\\n": give');
    said(withAlpha(`"${"x".repeat(200)}"`), `alpha is "${"x".repeat(79)}...: give`);
  });

  it("refuses what fits no word of the chain, with the limit of the game", () => {
    expect(termsOf(withAlpha(`"${MaxUint256}"`)).alpha).to.equal(MaxUint256);
    expect(() => termsOf(withAlpha(`"${MaxUint256 + 1n}"`)))
      .to.throw(PricingInputTooLarge)
      .that.includes({ value: MaxUint256 + 1n, limit: PRICING_LIMIT });
  });
});

describe("answeredText", () => {
  const answered = (text: string): string => {
    const batch = batchOf(text);
    return answeredText(
      batch,
      batch.cases.map(() => refused),
    );
  };

  it("keeps every other character", () => {
    const [before, after] = [
      '{ "n": [12345678901234567890, 1.50, 1e400, -0, "\\u00e9\u{1f600}"],\n "cases":[{"tag": 1.0',
      "} ] }\n",
    ];
    expect(answered(`${before}${after}`)).to.equal(`${before},"result": {"error":"E"}${after}`);
  });

  it("takes the place of an earlier result, wherever that stands", () => {
    expect(answered('{"cases":[{"result": {"lambda": 1} , "b":2},{"a":1,"result":null}]}')).to.equal(
      '{"cases":[{"result": {"error":"E"} , "b":2},{"a":1,"result":{"error":"E"}}]}',
    );
  });

  it("adds a line where members have lines of their own", () => {
    expect(answered('{"cases":[\n  {\n    "a": 1,\n    "b": 2\n  },\n  {\n    "a": 1\n  }, {} ]}')).to.equal(
      '{"cases":[\n  {\n    "a": 1,\n    "b": 2,\n    "result": {"error":"E"}\n  },\n' +
        '  {\n    "a": 1,\n    "result": {"error":"E"}\n  }, {"result": {"error":"E"}} ]}',
    );
  });
});
