import { expect } from "chai";
import { ChainError } from "../src/chainError.js";
import { registerBatch } from "../src/records/register.js";
import { signBatch } from "../src/records/signRecord.js";
import { mined } from "../src/transaction.js";
import { enrolled, ethers, fund, loadFixture, networkHelpers, rejection, requestFor } from "./enrolled.js";

describe("mined", () => {
  it("returns the receipt of what succeeded", async () => {
    const { consentRegistry, patient } = await loadFixture(enrolled);
    await fund(patient[0]);
    const { receipt } = await mined(consentRegistry, () => consentRegistry.connect(patient[0]).revokeAll());
    expect(receipt.status).to.equal(1);
  });

  it("says why a transaction failed that was accepted and reverted in its block", async () => {
    const world = await loadFixture(enrolled);
    const { recordRegistry, hospital, doctor, patient } = world;
    await fund(patient[0]);
    const batch = await signBatch([await requestFor(world, patient[0])], doctor);
    const [id = ""] = (await registerBatch(recordRegistry.connect(hospital), batch)).ids;
    const registry = recordRegistry.connect(patient[0]);

    await ethers.provider.send("evm_setAutomine", [false]);
    const sending = [1, 2].map((i) =>
      mined(registry, () => registry.accept(id, { gasLimit: 200_000, nonce: i - 1 })).catch((error: unknown) => error),
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    await networkHelpers.mine();
    await ethers.provider.send("evm_setAutomine", [true]);
    const [first, second] = await Promise.all(sending);
    expect(first).to.have.property("receipt");
    expect(second).to.be.instanceOf(ChainError).with.property("errorName", "RecordStateMismatch");
  });

  it("throws what is no refusal as it is", async () => {
    const { consentRegistry } = await loadFixture(enrolled);
    const down = new Error("down");
    expect(await rejection(mined(consentRegistry, () => Promise.reject(down)))).to.equal(down);
  });
});
