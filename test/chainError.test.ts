import { expect } from "chai";
import { encodeBytes32String, Interface, ZeroAddress } from "ethers";
import { ChainError, chainErrorNames, chainErrorOf, withChainErrors } from "../src/chainError.js";
import { hasRemedy, remedyFor } from "../src/chainErrorRemedies.js";
import { allRecords, wallet } from "../src/records/grant.js";
import { RecordRegistry__factory } from "../types/ethers-contracts/index.js";
import { enrolled, loadFixture, rejection } from "./enrolled.js";

const ID = `0x${"ab".repeat(32)}`;
const reverted = (name: string, args: unknown[]) =>
  RecordRegistry__factory.createInterface().encodeErrorResult(name as "RecordUnknown", args as [string]);

describe("chainErrorOf", () => {
  it("decodes what a transaction, an estimate and a call were refused with", async () => {
    const { recordRegistry, consentRegistry, relayer } = await loadFixture(enrolled);
    const registry = recordRegistry.connect(relayer);
    const patient = await relayer.getAddress();
    const refusals = [
      () => registry.accept(ID),
      () => registry.accept(ID, { gasLimit: 100_000 }),
      () => registry.accept.estimateGas(ID),
      () => registry.accept.staticCall(ID),
    ];
    for (const refusal of refusals) {
      const error = chainErrorOf(await rejection(refusal()));
      expect(error?.errorName).to.equal("RecordUnknown");
      expect(error?.args).to.deep.equal({ id: ID });
      expect(error?.message).to.equal(
        `RecordUnknown(id: ${ID}). No record has this id: check it, and that it was registered on this chain.`,
      );
    }
    const terms = { purposes: 1, dataClasses: 1, from: 0, until: 2 ** 40 - 1 };
    const other = chainErrorOf(
      await rejection(consentRegistry.connect(relayer).grant.staticCall(allRecords(), wallet(patient), terms)),
    );
    expect(other?.errorName).to.equal("AccountNotCertified");
  });

  it("finds the revert data wherever a node nests it", () => {
    const data = reverted("RecordUnknown", [ID]);
    for (const thrown of [
      { data },
      { data: { data } },
      { error: { data } },
      { info: { error: { code: 3, data } } },
      { cause: { cause: { data } } },
    ]) {
      expect(chainErrorOf(thrown)?.errorName).to.equal("RecordUnknown");
    }
  });

  it("names enum values, and shows structs", () => {
    const states = chainErrorOf({ data: reverted("RecordStateMismatch", [ID, 3, 1]) });
    expect(states?.message).to.contain("The record is accepted, this needs one that is asserted.");
    const scope = new ChainError("ConsentScopeInvalid", { scope: { kind: 1n, value: ID } });
    expect(scope.message).to.contain(`scope: {kind: 1, value: ${ID}}`);
    const roles = new ChainError("AccountRoleMismatch", { wallet: ZeroAddress, role: 1n, required: 2n });
    expect(roles.message).to.contain("certified as Patient, this needs Doctor");
  });

  it("decodes Solidity's own errors", () => {
    const solidity = new Interface(["error Error(string)", "error Panic(uint256)"]);
    expect(chainErrorOf({ data: solidity.encodeErrorResult("Error", ["no"]) })?.errorName).to.equal("Error");
    expect(chainErrorOf({ data: solidity.encodeErrorResult("Panic", [17]) })?.errorName).to.equal("Panic");
  });

  it("is undefined for anything else", () => {
    const loop: { cause?: unknown } = {};
    loop.cause = loop;
    for (const thrown of [
      undefined,
      null,
      "ECONNREFUSED",
      new Error("down"),
      { data: "0x" },
      { data: "0x12345678" },
      loop,
    ]) {
      expect(chainErrorOf(thrown)).to.equal(undefined);
    }
  });
});

describe("withChainErrors", () => {
  it("throws refusals typed, and everything else as it is", async () => {
    const down = new Error("down");
    expect(await rejection(withChainErrors(() => Promise.reject(down)))).to.equal(down);
    const refused = { data: reverted("RecordUnknown", [ID]) };
    expect(await rejection(withChainErrors(() => Promise.reject(refused)))).to.be.instanceOf(ChainError);
    expect(await withChainErrors(async () => 7)).to.equal(7);
  });
});

describe("the table of remedies", () => {
  // Faults of the code or the deployment, which nobody can meet through our contracts' functions.
  const internal =
    /^(Address|FailedCall|InsufficientBalance|InvalidShortString|Safe(Cast|ERC20)|StringTooLong|ERC(1167|1967|5267))/;

  it("knows every error of every contract", () => {
    expect(chainErrorNames().filter((name) => !internal.test(name) && !hasRemedy(name))).to.deep.equal([]);
  });

  it("says amounts in coin, times in UTC, and names of statuses and rules", () => {
    expect(remedyFor("StakeInsufficient", { amount: 2n, stake: 15n * 10n ** 17n })).to.contain("holds 1.5 coins");
    expect(remedyFor("SelfStakeTooSmall", { required: 10n ** 22n })).to.contain("needs 10000 coins");
    expect(remedyFor("EpochNotDue", { dueAt: 1_800_000_000n })).to.contain("at 2027-01-15T08:00:00.000Z");
    expect(remedyFor("StillJailed", { until: 1_800_000_000n })).to.contain("at 2027-01-15T08:00:00.000Z");
    expect(remedyFor("CandidateStatusMismatch", { candidate: 7n, status: 4n })).to.contain("Candidate 7 is tombstoned");
    expect(remedyFor("RuleOutOfBounds", { rule: encodeBytes32String("seats") })).to.contain("The rule seats is");
  });

  it("says of an epoch that cannot be settled whether it lasts", () => {
    expect(remedyFor("EpochNotConfirmed", { epoch: 1n, lastBlock: 2n ** 256n - 2n })).to.contain("is not over");
    expect(remedyFor("EpochNotConfirmed", { epoch: 1n, lastBlock: 77n })).to.contain("up to 77 first");
  });

  it("has an answer for an error that it does not know", () => {
    expect(remedyFor("toString", {})).to.contain("see the error in its interface");
  });
});
