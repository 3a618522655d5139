import { expect } from "chai";
import { InvalidAddress } from "../../src/accounts/address.js";
import { candidateOf, NotAnInstitution, SenderMissing, senderOf } from "../../src/consensus/sender.js";
import { ethers, loadFixture, rejection } from "../enrolled.js";
import { consortium } from "./staked.js";

describe("senderOf", () => {
  it("is the contract's runner", async () => {
    const { validatorRegistry: registry, delegator } = await loadFixture(consortium);
    expect(await senderOf(registry.connect(delegator))).to.equal(await delegator.getAddress());
  });

  it("is nobody without a signer", async () => {
    const { validatorRegistry: registry } = await loadFixture(consortium);
    for (const runner of [null, ethers.provider]) {
      expect(await rejection(senderOf(registry.connect(runner)))).to.be.instanceOf(SenderMissing);
    }
  });
});

describe("candidateOf", () => {
  it("is the number of the wallet's institution, whether it stands or not", async () => {
    const { validatorRegistry: registry, institutions } = await loadFixture(consortium);
    expect(await candidateOf(registry, (await institutions[3]?.getAddress())?.toLowerCase() ?? "")).to.equal(4);
  });

  it("is none for other wallets", async () => {
    const { validatorRegistry: registry, delegator } = await loadFixture(consortium);
    const other = await rejection(candidateOf(registry, await delegator.getAddress()));
    expect(other).to.be.instanceOf(NotAnInstitution);
    expect(await rejection(candidateOf(registry, "0x12"))).to.be.instanceOf(InvalidAddress);
  });
});
