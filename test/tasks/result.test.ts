import { expect } from "chai";
import { jsonOf, textOf } from "../../tasks/result.js";

describe("a verb's result", () => {
  it("is one JSON document, with big numbers as decimal digits", () => {
    const result = { amount: 10n ** 30n, list: [{ a: 1n }] };
    expect(JSON.parse(jsonOf(result))).to.deep.equal({ amount: "1000000000000000000000000000000", list: [{ a: "1" }] });
  });

  it("shows fields in two columns, with names as words", () => {
    expect(textOf({ recordedAt: "today", id: 7 })).to.equal("recorded at  today\nid           7");
  });

  it("shows a list as a table that has every field of every row", () => {
    expect(textOf([{ id: 1 }, { id: 10, purposes: ["TREAT", "HRESCH"] }])).to.equal(
      "id  purposes\n1   -\n10  TREAT+HRESCH",
    );
  });

  it("shows fields that are lists or things below the others", () => {
    expect(textOf({ id: 1, sections: [{ path: "a" }], where: { url: "b" } })).to.equal(
      "id  1\n\nsections:\n  path\n  a\n\nwhere:\n  url  b",
    );
  });

  it("shows an empty list as none, what is missing as a dash, and a text as it is", () => {
    expect(textOf([])).to.equal("none");
    expect(textOf({ url: "", key: undefined })).to.equal("url  -\nkey  -");
    expect(textOf("{}\n")).to.equal("{}\n");
  });
});
