import { expect } from "chai";
import { makeError } from "ethers";
import { HardhatPluginError } from "hardhat/plugins";
import { ChainError } from "../../src/chainError.js";
import { ArgumentInvalid } from "../../tasks/arguments/argumentInvalid.js";
import { failureOf } from "../../tasks/failure.js";

describe("what is shown of an error", () => {
  const shown = (error: unknown): string => {
    const failure = failureOf(error);
    expect(HardhatPluginError.isHardhatPluginError(failure)).to.equal(true);
    return failure instanceof Error ? failure.message : "";
  };

  it("is the message of a typed error", () => {
    expect(shown(new ArgumentInvalid("x", "a day"))).to.equal('"x" does not fit here: give a day.');
  });

  it("is the contract's refusal with its remedy", () => {
    expect(shown(new ChainError("RecordUnknown", { id: "0x01" }))).to.match(/^RecordUnknown\(id: 0x01\)\. No record/);
  });

  it("says what to do when the gas cannot be paid", () => {
    const remedy = /fund it, or let another account send/;
    expect(shown(makeError("too little", "INSUFFICIENT_FUNDS", { transaction: {} as never }))).to.match(remedy);
    expect(shown(new Error("Sender doesn't have enough funds to send tx."))).to.match(remedy);
  });

  it("says to check the deployment when the chain answers with nothing known", () => {
    expect(shown(makeError("could not decode", "BAD_DATA", { value: "0x" }))).to.match(/deployment is this chain's/);
  });

  it("leaves faults of the program as they are, with their stack traces", () => {
    const fault = new TypeError("undefined is not a function");
    expect(failureOf(fault)).to.equal(fault);
    expect(failureOf("a text")).to.equal("a text");
  });

  it("leaves what Hardhat says itself", () => {
    const said = new HardhatPluginError("healthchain", "said");
    expect(failureOf(said)).to.equal(said);
  });
});
