import { expect } from "chai";
import { isJsonObject, objectsIn, stringIn } from "../../src/records/json.js";

describe("records/json", () => {
  it("tells objects from everything else", () => {
    expect(isJsonObject({})).to.equal(true);
    for (const value of [null, [], "x", 1, true, undefined]) expect(isJsonObject(value)).to.equal(false);
  });

  it("takes one object or several for several", () => {
    expect(objectsIn({ a: 1 })).to.deep.equal([{ a: 1 }]);
    expect(objectsIn([{ a: 1 }, null, "x", [{}]])).to.deep.equal([{ a: 1 }]);
    expect(objectsIn(undefined)).to.deep.equal([]);
  });

  it("reads own string members only", () => {
    expect(stringIn({ a: "x" }, "a")).to.equal("x");
    for (const [value, key] of [
      [{ a: 1 }, "a"],
      [{}, "constructor"],
      [null, "a"],
      ["x", "length"],
    ] as const) {
      expect(stringIn(value, key)).to.equal(undefined);
    }
  });
});
