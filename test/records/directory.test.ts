import { expect } from "chai";
import { Directory, identifiersOf, isDirectoryType } from "../../src/records/directory.js";

const named = (...pairs: [string, string][]) => ({ identifier: pairs.map(([system, value]) => ({ system, value })) });

describe("records/directory", () => {
  it("knows which types are shared", () => {
    expect(["Patient", "Practitioner", "Organization", "Location"].every(isDirectoryType)).to.equal(true);
    expect(["Encounter", "Device"].some(isDirectoryType)).to.equal(false);
  });

  it("keeps one entry for one identifier, under the first id", () => {
    const directory = new Directory();
    expect(directory.add("Organization", "a", named(["s", "1"])).known).to.equal(false);
    const again = directory.add("Organization", "b", named(["s", "1"], ["t", "9"]));
    expect([again.known, again.entry.id]).to.deep.equal([true, "a"]);
    expect(directory.entries.map(({ id }) => id)).to.deep.equal(["a"]);
  });

  it("keeps types and values apart", () => {
    const directory = new Directory();
    directory.add("Organization", "a", named(["s", "1"]));
    expect(directory.add("Practitioner", "b", named(["s", "1"])).known).to.equal(false);
    expect(directory.add("Organization", "c", named(["s", "2"])).known).to.equal(false);
  });

  it("does not merge two people who share one number and differ in another", () => {
    const directory = new Directory();
    directory.add("Patient", "a", named(["mrn", "1"], ["licence", "S999"]));
    expect(directory.add("Patient", "b", named(["mrn", "2"], ["licence", "S999"])).entry.id).to.equal("b");
    expect(directory.add("Patient", "c", named(["mrn", "2"])).entry.id).to.equal("b");
  });

  it("knows an entry without identifiers by its id only", () => {
    const directory = new Directory();
    directory.add("Location", "a", {});
    expect(directory.add("Location", "a", {}).known).to.equal(true);
    expect(directory.add("Location", "b", {}).known).to.equal(false);
  });

  it("starts from what is known", () => {
    const directory = new Directory([
      { resourceType: "Organization", id: "old", identifiers: [{ system: "s", value: "1" }] },
    ]);
    expect(directory.add("Organization", "new", named(["s", "1"])).entry.id).to.equal("old");
  });

  it("ignores identifiers without a system or a value", () => {
    expect(identifiersOf({ identifier: [{ value: "1" }, { system: "s" }, { system: "s", value: "1" }] })).to.deep.equal(
      [{ system: "s", value: "1" }],
    );
  });
});
