import { expect } from "chai";
import * as library from "../src/index.js";

describe("the library", () => {
  it("exports a verb of every domain", () => {
    const verbs = [
      "issueCertificate",
      "buildRecord",
      "signRecord",
      "registerRecord",
      "decide",
      "historyOf",
      "signPermit",
      "delegate",
      "consensusStatus",
    ];
    expect(library).to.include.keys(verbs);
  });

  it("exports each error as a class whose name is its own", () => {
    const errors = Object.entries(library).filter(
      ([, value]) => typeof value === "function" && value.prototype instanceof Error,
    );
    expect(errors.length).to.be.above(20);
    for (const [name, error] of errors) expect(error).to.have.property("name", name);
  });
});
