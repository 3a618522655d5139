import { expect } from "chai";
import { given, isNothing } from "../../../tasks/arguments/given.js";

const readers = { turnover: Number, name: (text: string) => text.trim() };

describe("given", () => {
  it("reads what was given, and leaves out what was not", () => {
    const asked = given({ turnover: "7", name: undefined }, readers);
    expect(asked).to.deep.equal({ turnover: 7 });
    expect(isNothing(asked)).to.equal(false);
    expect(isNothing(given({ turnover: undefined, name: undefined }, readers))).to.equal(true);
  });

  it("takes an empty text for given", () => {
    expect(given({ turnover: undefined, name: "" }, readers)).to.deep.equal({ name: "" });
  });
});
