import { expect } from "chai";
import { EventMissing, receiptEvent } from "../../src/consensus/receiptEvent.js";
import { mined } from "../../src/transaction.js";
import { loadFixture, rejection } from "../enrolled.js";
import { candidates, coins, consortium } from "./staked.js";

describe("receiptEvent", () => {
  it("gives the first of the events that the contract emitted", async () => {
    const { validatorRegistry: registry } = await loadFixture(candidates);
    const { receipt } = await mined(registry, () => registry.elect());
    const { event, args } = await receiptEvent(registry, receipt, "EpochExtended", "EpochStarted");
    expect(event).to.equal("EpochStarted");
    expect(args).to.deep.equal({ epoch: 1n, seats: 5n, total: 2_000n * 10n ** 9n });
  });

  it("knows the contract however its address is written", async () => {
    const { validatorRegistry: registry } = await loadFixture(candidates);
    const { receipt } = await mined(registry, () => registry.elect());
    const lowerCase = registry.attach((await registry.getAddress()).toLowerCase());
    expect((await receiptEvent(lowerCase, receipt, "EpochStarted")).args).to.include({ epoch: 1n });
  });

  it("takes no other contract's word", async () => {
    const { medicalCoin, validatorRegistry: registry, delegator } = await loadFixture(consortium);
    const { receipt } = await mined(medicalCoin, () => medicalCoin.connect(delegator).transfer(registry, coins(1)));
    const elsewhere = medicalCoin.attach(await registry.getAddress());
    expect((await receiptEvent(medicalCoin, receipt, "Transfer")).args).to.include({ value: coins(1) });
    expect(await rejection(receiptEvent(elsewhere, receipt, "Transfer"))).to.be.instanceOf(EventMissing);
    const missing = await rejection(receiptEvent(medicalCoin, receipt, "Approval"));
    expect(missing).to.be.instanceOf(EventMissing).with.property("message").that.includes("Approval");
  });
});
