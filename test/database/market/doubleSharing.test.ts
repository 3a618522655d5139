import { expect } from "chai";
import { findDoubleSharing } from "../../../database/market/doubleSharing.js";
import { LeafKind } from "../../../src/records/index.js";

function record(id: string, ...texts: string[]) {
  const sections = texts.map((text, index) => {
    const bytes = new TextEncoder().encode(text);
    return { path: `Basic/s${index}`, kind: LeafKind.Deidentified, bytes, resource: {} };
  });
  return { id, sections, subset: true };
}

describe("double sharing", () => {
  it("is found among records of equal sections, in whatever arrangement", () => {
    const found = findDoubleSharing([
      record("one", '{"a":1}', '{"b":2}'),
      record("other", '{"a":1}', '{"b":3}'),
      record("copy", '{"b":2}', '{"a":1}'),
      record("third", '{"a":1}', '{"b":2}'),
    ]);
    expect(found).to.have.length(1);
    expect(found[0]).to.deep.include({ recordIds: ["one", "copy", "third"], sections: 2 });
  });

  it("is not where a section more, less, twice or written otherwise is", () => {
    const records = [
      record("one", '{"a":1}'),
      record("more", '{"a":1}', '{"b":2}'),
      record("twice", '{"a":1}', '{"a":1}'),
      record("spaced", '{"a": 1}'),
    ];
    expect(findDoubleSharing(records)).to.be.empty;
    expect(findDoubleSharing([])).to.be.empty;
  });
});
